import {
  type Fact,
  mostValues,
  type Organisation,
  type OrganisationRecord,
  type Pack,
  type When,
} from '../pack.ts';
import type { PolicyProblem } from '../problem.ts';
import { checkChanges } from './changes.ts';
import { errorAt, inBackticks, unknownName } from './finding.ts';
import { factValues, unknownValue } from './names.ts';

/** Facts that could not be evaluated, asked or changed: unknown values, no default, circles, no question, records that overlap. */
export function checkFacts(pack: Pack): PolicyProblem[] {
  const facts = [...pack.facts.values()];
  return [
    ...facts.flatMap((fact) => [
      ...checkNumber(pack, fact),
      ...checkValues(pack, fact),
      ...checkFits(pack, fact),
      ...checkDefault(pack, fact),
      ...checkAsked(pack, fact),
    ]),
    ...checkChanges(pack),
    ...checkCircles(pack),
    ...[...pack.organisations.values()].flatMap((organisation) => checkRecords(pack, organisation)),
  ];
}

function checkNumber(pack: Pack, { at, id, values }: Fact): PolicyProblem[] {
  if (values.length <= mostValues) return [];
  return [
    errorAt(
      pack,
      [at, 'values'],
      `the fact \`${id}\` has ${values.length} values, and ${mostValues} are the most`,
    ),
  ];
}

function checkValues(pack: Pack, fact: Fact): PolicyProblem[] {
  const { at, id } = fact;
  const repeated = fact.values.flatMap((value, index) =>
    fact.values.findIndex((other) => other.id === value.id) === index
      ? []
      : [errorAt(pack, [at, 'values', index], `duplicate value \`${value.id}\` of \`${id}\``)],
  );
  return [
    ...repeated,
    ...[...(fact.mayBeStated ?? [])].flatMap((value, index) =>
      unknownValue(pack, [at, 'mayBeStated', index], id, value),
    ),
    ...[...fact.asksNothingMore].flatMap((value, index) =>
      unknownValue(pack, [at, 'asksNothingMore', index], id, value),
    ),
    ...fact.table.flatMap(({ value }, index) => unknownValue(pack, [at, 'table', index, 'value'], id, value)),
    ...fact.reads.flatMap(({ sets }, index) => factValues(pack, [at, 'reads', index, 'sets'], sets)),
  ];
}

function checkFits(pack: Pack, { at, id, fits }: Fact): PolicyProblem[] {
  if (fits === undefined) return [];
  const by = pack.facts.get(fits.by);
  if (by === undefined) return unknownName(pack, [at, 'fits', 'by'], 'fact', fits.by, pack.facts);
  return [...fits.values].flatMap(([key, values]) => [
    ...unknownValue(pack, [at, 'fits', 'values', key], by.id, key),
    ...values.flatMap((value, index) => unknownValue(pack, [at, 'fits', 'values', key, index], id, value)),
  ]);
}

// An asked fact may stay open. Every other one needs a value for when nothing is known.
function checkDefault(pack: Pack, fact: Fact): PolicyProblem[] {
  const isAlwaysAsked = fact.origin === 'asked' && fact.askedWhen.length === 0;
  if (isAlwaysAsked || fact.default !== undefined) return [];
  const why = fact.origin === 'asked' ? 'not always asked' : origins[fact.origin];
  return [
    errorAt(
      pack,
      [fact.at],
      `the fact \`${fact.id}\` is ${why} and has no default`,
      'Say in `default` what holds where nothing is known.',
    ),
  ];
}

const origins: Readonly<Record<Exclude<Fact['origin'], 'asked'>, string>> = {
  assumed: 'assumed',
  catalogue: 'from the catalogue',
  register: 'from the register',
  record: 'from a record',
  derived: 'derived',
};

function checkAsked(pack: Pack, { at, id, origin }: Fact): PolicyProblem[] {
  if (origin !== 'asked') return [];
  if (pack.pages.some(({ questions }) => questions.some(({ facts }) => facts.includes(id)))) return [];
  return [
    errorAt(
      pack,
      [at],
      `no question asks the fact \`${id}\``,
      'Add it to `facts` of a question, or give it another origin.',
    ),
  ];
}

function checkCircles(pack: Pack): PolicyProblem[] {
  const reported = new Set<string>();
  return [...pack.facts.values()].flatMap((fact) => {
    const circle = findCircle(pack, fact.id);
    if (circle === undefined || circle.some((id) => reported.has(id))) return [];
    for (const id of circle) reported.add(id);
    const [first = ''] = circle;
    const message =
      circle.length === 1
        ? `the fact \`${first}\` hangs on itself`
        : `the facts ${inBackticks(circle)} hang on each other in a circle`;
    const others = [...circle.slice(1), first].map((id) => `\`${id}\``).join(', which hangs on ');
    return [
      errorAt(pack, [fact.at], message, circle.length === 1 ? undefined : `\`${first}\` hangs on ${others}.`),
    ];
  });
}

/** The shortest way from a fact back to itself through what facts hang on; undefined where there is none. */
function findCircle(pack: Pack, start: string): string[] | undefined {
  const seen = new Set<string>();
  let ways = [[start]];
  while (ways.length > 0) {
    const further: string[][] = [];
    for (const way of ways) {
      for (const on of hangsOn(pack, way.at(-1) ?? start)) {
        if (on === start) return way;
        if (seen.has(on)) continue;
        seen.add(on);
        further.push([...way, on]);
      }
    }
    ways = further;
  }
  return undefined;
}

/** The facts that must be known before this one is: those in its applicability, its tables and what it follows. */
export function hangsOn(pack: Pack, id: string): ReadonlySet<string> {
  const fact = pack.facts.get(id);
  if (fact === undefined) return new Set();
  const whens: When[] = [...fact.applies, ...fact.askedWhen, ...fact.table.map(({ when }) => when)];
  if (fact.follows !== undefined) {
    for (const { records } of pack.organisations.values()) {
      whens.push(...records.filter((record) => record.fact === id).map(({ when }) => when));
    }
  }
  const tools =
    fact.origin === 'catalogue'
      ? [...pack.facts.values()].filter(({ valuesFrom }) => valuesFrom === 'tools')
      : [];
  return new Set([
    ...whens.flatMap((when) => [...when.keys()]),
    ...[fact.follows, fact.fits?.by].filter((name) => name !== undefined),
    ...tools.map((tool) => tool.id),
  ]);
}

function checkRecords(pack: Pack, { at, id, records }: Organisation): PolicyProblem[] {
  return records.flatMap((record, index) => {
    const earlier = records.slice(0, index).find((other) => canHoldTogether(other, record));
    if (earlier === undefined) return [];
    const { line } = pack.placeIn(at, ['records', records.indexOf(earlier)]);
    return [
      errorAt(
        pack,
        [at, 'records', index],
        `two records of \`${record.fact}\` overlap for \`${id}\``,
        `The other one is in line ${line}: give them \`when\` that cannot both hold.`,
      ),
    ];
  });
}

function canHoldTogether(a: OrganisationRecord, b: OrganisationRecord): boolean {
  if (a.fact !== b.fact) return false;
  return [...a.when].every(([fact, values]) => {
    const others = b.when.get(fact);
    return others === undefined || [...values].some((value) => others.has(value));
  });
}
