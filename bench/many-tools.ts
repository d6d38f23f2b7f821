import { compilePolicy, type Policy } from '#domain/decision/policy.ts';
import type { Fact, Pack, Tool } from '#domain/policy/pack.ts';
import type { Random } from './random.ts';

/**
 * What is recorded of synthetic tools. `like-the-pack`: what is recorded of some tool of the pack, as in a catalogue that people
 * keep. `each-its-own`: values at random, so that hardly two are alike. `one-task`: that, and every tool of the catalogue is for
 * the same task, so that each is a candidate for each: the worst there can be.
 */
export const catalogues = ['like-the-pack', 'each-its-own', 'one-task'] as const;
export type CatalogueKind = (typeof catalogues)[number];

/** The policy with so many tools more, under names as products have them. */
export function policyWithManyTools(
  { pack }: Policy,
  kind: CatalogueKind,
  count: number,
  random: Random,
): Policy {
  const patterns = [...pack.tools.values()];
  const tools = new Map(pack.tools);
  for (let number = 0; number < count; number++) {
    const pattern = patterns[random.below(patterns.length)] as Tool;
    const id = `synthetic-${number}`;
    const name = productName(random);
    const record =
      kind === 'like-the-pack' ? {} : { facts: anyFacts(pack, random), fits: anyFits(pattern, random) };
    tools.set(id, {
      ...pattern,
      ...record,
      id,
      name,
      aliases: random.below(4) === 0 ? [productName(random)] : [],
      oldNames: [],
      domains: [`${name.toLowerCase().replaceAll(' ', '-')}-${number}.example`],
    });
  }
  if (kind === 'one-task') for (const [id, tool] of tools) tools.set(id, { ...tool, task: 'any' });
  return compilePolicy({ ...pack, tools } satisfies Pack, kind);
}

function anyFacts(pack: Pack, random: Random): Map<string, string> {
  const isHeld = ({ origin, valuesFrom }: Fact): boolean => origin === 'catalogue' && valuesFrom !== 'tools';
  return new Map(
    [...pack.facts.values()]
      .filter((fact) => isHeld(fact) && random.next() < 0.7)
      .map(({ id, values }) => [id, values[random.below(values.length)]?.id ?? '']),
  );
}

// Made for some of what its pattern is made for.
function anyFits({ fits }: Tool, random: Random): Map<string, readonly string[]> {
  return new Map([...fits].map(([fact, values]) => [fact, values.filter(() => random.next() < 0.8)]));
}

const syllables = [
  'ar',
  'bo',
  'cal',
  'di',
  'en',
  'fi',
  'gra',
  'ho',
  'in',
  'jo',
  'kel',
  'lu',
  'mi',
  'no',
  'or',
  'pla',
  'qui',
  'ri',
  'sto',
  'ta',
  'um',
  'vi',
  'wor',
  'xi',
  'ya',
  'zen',
];
const kinds = [
  'board',
  'box',
  'cloud',
  'desk',
  'docs',
  'drive',
  'flow',
  'forms',
  'meet',
  'notes',
  'pad',
  'share',
  'sign',
  'space',
  'talk',
  'tasks',
];

function productName(random: Random): string {
  const word = Array.from(
    { length: 2 + random.below(2) },
    () => syllables[random.below(syllables.length)],
  ).join('');
  const brand = `${word.charAt(0).toUpperCase()}${word.slice(1)}`;
  return random.below(2) === 0 ? brand : `${brand} ${kinds[random.below(kinds.length)]}`;
}
