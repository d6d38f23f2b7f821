import { evaluate, type Possible, type Situation } from '#domain/decision/evaluate.ts';
import {
  fittingOptions,
  missingFacts,
  type NextQuestion,
  nextQuestion,
  openPages,
  relevantRules,
} from '#domain/decision/next-question.ts';
import { findOutcome, type Outcome } from '#domain/decision/outcome.ts';
import type { Table, TableFact } from '#domain/decision/table.ts';
import { hangsOn } from '#domain/policy/checks/facts.ts';
import type { Pack, Tool } from '#domain/policy/pack.ts';
import type { Verdict } from '#domain/shared/verdict.ts';

/** Where somebody stands between two pages. Everybody with the same `key` has the same questions and the same end before them. */
export type Place = {
  readonly key: string;
  readonly situation: Situation;
  /** What the answer is, where nothing more is asked. */
  readonly verdict: Verdict | null;
  /** The pages that can still matter, in authored order. */
  readonly pages: readonly NextQuestion[];
  /** Place in `pages` of the one that the product asks. */
  readonly next: number;
};

/** What may come of one page: how likely it is, and where it leads. */
export type Answered = { readonly chance: number; readonly place: Place };

/** The asking of one pack, for working out how long it takes: where somebody stands, and where each answer leads. */
export type Asking = {
  readonly placeOf: (stated: ReadonlyMap<string, string>, tool: Tool | null) => Place;
  readonly answersOf: (place: Place, page: NextQuestion) => readonly Answered[];
};

/** Prepares a pack for that. Everybody answers as the priors of the pack say; without priors every answer is as likely. */
export function buildAsking(table: Table, pack: Pack): Asking {
  const places = new Map<string, Place>();
  const answers = new Map<string, readonly Answered[]>();
  const placeOf = (stated: ReadonlyMap<string, string>, tool: Tool | null): Place => {
    const situation = { stated, tool };
    const evaluation = evaluate(table, pack, situation);
    const outcome = findOutcome(table, evaluation);
    const asked = nextQuestion(table, pack, situation, evaluation, outcome);
    if (asked === null) return endAt(situation, outcome);
    const relevant = relevantRules(table, outcome);
    // Of a name that nobody knows the kind comes first, whatever the order.
    const open = openPages(pack, new Set(missingFacts(table, evaluation, relevant)));
    const isOpen = open.some(({ page }) => page === asked.page);
    const pages = isOpen ? open : [asked];
    const key = isOpen
      ? keyOf(table, pack, situation, evaluation.possible, outcome, relevant)
      : `kind ${stated.size}`;
    const known = places.get(key);
    if (known !== undefined) return known;
    const next = pages.findIndex(({ page }) => page === asked.page);
    const place: Place = { key, situation, verdict: null, pages, next };
    places.set(key, place);
    return place;
  };
  return {
    placeOf,
    answersOf(place, page) {
      const key = `${page.page.id} ${place.key}`;
      const known = answers.get(key);
      if (known !== undefined) return known;
      const merged = new Map<string, { chance: number; place: Place }>();
      for (const { facts, chance } of likelyAnswers(table, pack, place.situation, page)) {
        const stated = new Map([...place.situation.stated, ...facts]);
        const to = placeOf(stated, place.situation.tool ?? null);
        const held = merged.get(to.key);
        if (held === undefined) merged.set(to.key, { chance, place: to });
        else held.chance += chance;
      }
      const made = [...merged.values()];
      answers.set(key, made);
      return made;
    },
  };
}

function endAt(situation: Situation, { verdict }: Outcome): Place {
  return { key: `end ${verdict}`, situation, verdict, pages: [], next: -1 };
}

// The undecided rules that matter, each with the tests that are open; what certainly applies, as far as it matters; and all that
// says which values the open facts can have and how likely they are.
function keyOf(
  table: Table,
  pack: Pack,
  { stated }: Situation,
  possible: Possible,
  outcome: Outcome,
  relevant: readonly number[],
): string {
  const isOpen = (fact: number): boolean => {
    const bits = possible[fact] as number;
    return (bits & (bits - 1)) !== 0;
  };
  const facts = new Set<number>();
  const rules = relevant.map((rule) => {
    const tests = (table.tests[rule] ?? []).filter(({ fact }) => isOpen(fact));
    for (const { fact } of tests) facts.add(fact);
    return `${rule}:${tests.map(({ fact, bits }) => `${fact}=${bits & (possible[fact] as number)}`).join()}`;
  });
  const added = new Set(outcome.rules.flatMap((rule) => table.adds[rule] as readonly number[]));
  const matters = new Set(relevant.flatMap((rule) => table.adds[rule] as readonly number[]));
  const certain = [...matters].filter((addition) => added.has(addition)).sort((a, b) => a - b);
  const parts: string[] = [];
  for (const fact of facts) {
    for (const id of above(pack, (table.facts[fact] as TableFact).fact.id)) {
      const number = table.factNumber.get(id) ?? -1;
      if (isOpen(number)) facts.add(number);
      else parts.push(`${id}=${possible[number]}`);
    }
    parts.push(`${fact}?${possible[fact]}`);
  }
  // An answer that hung on one of these says something about it.
  for (const { fact, by } of pack.priors?.of.values() ?? []) {
    if (by !== undefined && facts.has(table.factNumber.get(by) ?? -1) && stated.has(fact))
      parts.push(`${fact}!${stated.get(fact)}`);
  }
  const severity = Math.max(-1, ...outcome.rules.map((rule) => table.severities[rule] as number));
  const { settled, isPermitted, best, worst } = outcome;
  return [
    rules.join(';'),
    certain.join(),
    [...new Set(parts)].sort().join(),
    severity,
    settled,
    isPermitted,
    best,
    worst,
  ].join(' | ');
}

// What a fact, or how likely its values are, hangs on: known parts of it say which question comes next.
function above(pack: Pack, fact: string): ReadonlySet<string> {
  const by = pack.priors?.of.get(fact)?.by;
  return by === undefined ? hangsOn(pack, fact) : new Set([...hangsOn(pack, fact), by]);
}

type Likely = { readonly facts: ReadonlyMap<string, string>; readonly chance: number };

/** Every way to fill in a page, with its chance: by the priors of the pack, given everything that is stated. */
export function likelyAnswers(
  table: Table,
  pack: Pack,
  situation: Situation,
  page: Pick<NextQuestion, 'questions'>,
): Likely[] {
  const evaluation = evaluate(table, pack, situation);
  let ways: Likely[] = [{ facts: new Map(), chance: 1 }];
  // Facts that are not asked here and on which it hangs how likely the answers are.
  const asked = new Set(page.questions.flatMap(({ facts }) => facts));
  for (const fact of hidden(table, pack, situation, evaluation.possible, asked)) {
    ways = ways.flatMap(({ facts }) =>
      valuesOf(table, evaluation.possible, fact).map((value) => ({
        facts: new Map([...facts, [fact, value]]),
        chance: 1,
      })),
    );
  }
  for (const question of page.questions) {
    const options = fittingOptions(table, pack, situation, evaluation, question);
    ways = ways.flatMap(({ facts }) =>
      options.map(({ sets }) => ({ facts: new Map([...facts, ...sets]), chance: 1 })),
    );
  }
  const weighed = ways.map(({ facts }) => ({
    facts,
    chance: weightOf(table, pack, situation.stated, evaluation.possible, facts),
  }));
  const total = weighed.reduce((sum, { chance }) => sum + chance, 0);
  return weighed.map(({ facts, chance }) => ({
    facts: new Map([...facts].filter(([fact]) => asked.has(fact))),
    chance: chance / total,
  }));
}

// Unstated facts that the priors of the asked ones hang on, and so on.
function hidden(
  table: Table,
  pack: Pack,
  { stated }: Situation,
  possible: Possible,
  asked: ReadonlySet<string>,
): string[] {
  const found = new Set<string>();
  for (const fact of [...asked]) {
    for (let by = pack.priors?.of.get(fact)?.by; by !== undefined; by = pack.priors?.of.get(by)?.by) {
      const isKnown = stated.has(by) || valuesOf(table, possible, by).length < 2;
      if (!isKnown && !asked.has(by)) found.add(by);
    }
  }
  return [...found];
}

function valuesOf(table: Table, possible: Possible, fact: string): string[] {
  const entry = table.facts[table.factNumber.get(fact) ?? -1] as TableFact;
  return entry.values.slice(0, -1).filter((_, number) => (possible[entry.index] as number) & (1 << number));
}

const leastShare = 1e-4;

// The product of the shares of these facts and of the stated ones that hang on them.
function weightOf(
  table: Table,
  pack: Pack,
  stated: ReadonlyMap<string, string>,
  possible: Possible,
  facts: ReadonlyMap<string, string>,
): number {
  const all = new Map([...stated, ...facts]);
  let weight = 1;
  for (const [fact, value] of all) {
    const prior = pack.priors?.of.get(fact);
    if (prior === undefined || !(facts.has(fact) || facts.has(prior.by ?? ''))) continue;
    const { by } = prior;
    const held = by === undefined ? undefined : (all.get(by) ?? knownValue(table, possible, by));
    const shares = (held === undefined ? undefined : prior.given.get(held)) ?? prior.shares;
    weight *= Math.max(shares.get(value) ?? 0, leastShare);
  }
  return weight;
}

function knownValue(table: Table, possible: Possible, fact: string): string | undefined {
  const entry = table.facts[table.factNumber.get(fact) ?? -1] as TableFact;
  const bits = possible[entry.index] as number;
  return (bits & (bits - 1)) === 0 ? entry.values[31 - Math.clz32(bits)] : undefined;
}
