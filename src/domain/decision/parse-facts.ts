import type { Fact, Pack } from '../policy/pack.ts';
import { notApplicable } from '../policy/pack.ts';
import { hostOf } from '../shared/host-of.ts';
import { nearestName } from '../shared/nearest-name.ts';
import type { FactProblem } from './fact-problem.ts';

/** What somebody states: fact names with values as text. Booleans are `true` and `false`. */
export type StatedFacts = ReadonlyMap<string, string>;

export type ParsedFacts = { readonly stated: StatedFacts; readonly problems: readonly FactProblem[] };

export const longestToolName = 200;

/**
 * Reads what somebody stated, from JSON, an address or the command line. Takes `yes` and `no` for `true` and `false`, values in
 * any case, and what the pack reads as several facts (OFFICIAL-SENSITIVE). Everything else is a problem that says what would be right.
 */
export function parseFacts(pack: Pack, given: Readonly<Record<string, unknown>>): ParsedFacts {
  const stated = new Map<string, string>();
  const problems: FactProblem[] = [];
  const readers = readersOf(pack);
  for (const name in given) {
    const reader = readers.get(name);
    if (reader === undefined) {
      problems.push(unknownFact(pack, name));
      continue;
    }
    const raw = given[name];
    const isName = reader.fact.valuesFrom === 'tools';
    if (typeof raw === 'string' || (typeof raw === 'boolean' && !isName))
      readValue(pack, reader, String(raw), stated, problems);
    else
      problems.push({
        fact: name,
        detail: Array.isArray(raw)
          ? `\`${name}\` is given more than once`
          : `\`${name}\` must be text${isName ? '' : ' or true or false'}`,
      });
  }
  return { stated, problems };
}

function readValue(
  pack: Pack,
  { fact, named }: Reader,
  text: string,
  stated: Map<string, string>,
  problems: FactProblem[],
): void {
  if (fact.valuesFrom === 'tools') {
    readTool(pack, fact, text, stated, problems);
    return;
  }
  const direct = named.get(text);
  if (direct !== undefined) {
    set(fact.id, direct, stated, problems);
    return;
  }
  const reading = fact.reads.find((read) => sameWords(read.text, text));
  if (reading !== undefined) {
    for (const [id, value] of reading.sets) set(id, value, stated, problems);
    return;
  }
  const value = named.get(text.trim().toLowerCase());
  if (value !== undefined) set(fact.id, value, stated, problems);
  else problems.push(unknownValue(fact, text));
}

function readTool(
  pack: Pack,
  fact: Fact,
  text: string,
  stated: Map<string, string>,
  problems: FactProblem[],
): void {
  if (text.length > longestToolName) {
    problems.push({
      fact: fact.id,
      detail: `the name of a tool may have at most ${longestToolName} characters`,
    });
    return;
  }
  if (hasControlCharacter(text)) {
    problems.push({ fact: fact.id, detail: 'the name of a tool may not hold control characters' });
    return;
  }
  let name = text.toWellFormed().trim().replaceAll(/\s+/g, ' ');
  // People type what they know in the one box there is: "Trello OFFICIAL-SENSITIVE".
  if (/sensitive/i.test(name)) {
    for (const { reads } of pack.facts.values()) {
      for (const read of reads) {
        // Not by lower case: some letters grow longer in it, and the place would be wrong.
        const place = name.search(new RegExp(read.text.replaceAll(/[^A-Za-z0-9 ]/g, '\\$&'), 'i'));
        if (place < 0) continue;
        name = `${name.slice(0, place)} ${name.slice(place + read.text.length)}`
          .replaceAll(/\s+/g, ' ')
          .trim();
        for (const [id, value] of read.sets) set(id, value, stated, problems);
      }
    }
  }
  // Of an address only the host is looked at, and what else is in it, such as the password of a meeting, must go no further.
  if (/[/?#:@]/.test(name)) name = hostOf(name) ?? name;
  if (name !== '') set(fact.id, name, stated, problems);
  else if (text.trim() === '') problems.push({ fact: fact.id, detail: 'the name of a tool is empty' });
}

function set(id: string, value: string, stated: Map<string, string>, problems: FactProblem[]): void {
  const earlier = stated.get(id);
  if (earlier !== undefined && earlier !== value)
    problems.push({ fact: id, detail: `\`${id}\` is given as \`${earlier}\` and as \`${value}\`` });
  else stated.set(id, value);
}

// A fact, and its values by what people write for them.
type Reader = { readonly fact: Fact; readonly named: ReadonlyMap<string, string> };

const readersOfPack = new WeakMap<Pack, ReadonlyMap<string, Reader>>();
function readersOf(pack: Pack): ReadonlyMap<string, Reader> {
  const known = readersOfPack.get(pack);
  if (known !== undefined) return known;
  const made = new Map([...pack.facts].map(([id, fact]) => [id, { fact, named: valuesByName(fact) }]));
  readersOfPack.set(pack, made);
  return made;
}

// Exact names first, then the same in lower case, then yes and no.
function valuesByName(fact: Fact): ReadonlyMap<string, string> {
  const names = [...fact.values.map(({ id }) => id), notApplicable];
  const made = new Map(names.map((id) => [id.toLowerCase(), id]));
  for (const id of names) made.set(id, id);
  if (fact.isBoolean) made.set('yes', 'true').set('no', 'false');
  return made;
}

function unknownFact(pack: Pack, name: string): FactProblem {
  const short = shown(name);
  const nearest = nearestName(name, pack.facts.keys());
  return {
    fact: short,
    detail: `unknown fact \`${short}\``,
    ...(nearest === undefined ? {} : { suggestion: nearest }),
  };
}

function unknownValue(fact: Fact, text: string): FactProblem {
  const known = fact.values.map(({ id }) => id);
  const nearest = nearestName(text, known);
  return {
    fact: fact.id,
    detail: `unknown value \`${shown(text)}\` of \`${fact.id}\`: it can be ${known.join(', ')}`,
    ...(nearest === undefined ? {} : { suggestion: nearest }),
  };
}

// What somebody typed is shown back to them, but not at any length, and never what could upset a terminal.
function shown(text: string): string {
  const plain = [...text.slice(0, 60)].map((letter) => (hasControlCharacter(letter) ? '�' : letter)).join('');
  return text.length > 60 ? `${plain}…` : plain;
}

function hasControlCharacter(text: string): boolean {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  return /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/.test(text);
}

function sameWords(a: string, b: string): boolean {
  const plain = (text: string) =>
    text
      .toLowerCase()
      .replaceAll(/[^a-z]+/g, ' ')
      .trim();
  return plain(a) === plain(b);
}
