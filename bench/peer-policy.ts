import { hasBit } from '#domain/decision/bit-set.ts';
import { combineVerdicts } from '#domain/decision/combine-verdicts.ts';
import { decide, type EncodedDecision } from '#domain/decision/decide.ts';
import { noVerdict, type Table, type TableFact } from '#domain/decision/table.ts';
import type { Rule } from '#domain/policy/pack.ts';
import type { Verdict } from '#domain/shared/verdict.ts';
import type { Situation } from './situations.ts';

/** A complete situation as every engine takes it: the names of facts with the names of their values. */
export type SituationFacts = Readonly<Record<string, string>>;

/** What every engine has to say: the verdict, every rule that applies and everything they add, by their ids, in the order of the table. */
export type NamedDecision = {
  readonly verdict: Verdict;
  readonly rules: readonly string[];
  readonly additions: readonly string[];
};

/** A rule as every engine can be given it: it applies where each of the facts has one of the values. */
export type PlainRule = {
  readonly id: string;
  readonly tests: readonly { readonly fact: string; readonly values: readonly string[] }[];
};

/** The rules of a table without anything that only the product knows of. */
export function plainRules(table: Table): PlainRule[] {
  return table.rules.map(({ id, when }) => ({
    id,
    tests: [...when].map(([fact, values]) => ({ fact, values: [...values] })),
  }));
}

/** A situation by its names: the facts that some rule tests, and no others, because reading them would cost the engines time. */
export function factsByName({ facts, tested }: Table, situation: Situation): SituationFacts {
  const named = tested.map((index) => {
    const entry = facts[index];
    return [entry?.fact.id ?? '', entry?.values[situation[index] ?? 0] ?? ''];
  });
  // As they come out of a request. Objects made one fact at a time are slower to read.
  return JSON.parse(JSON.stringify(Object.fromEntries(named))) as SituationFacts;
}

/** The product behind the interface of the others: names in, names out. Throws where a fact or a value is not one of the table. */
export function decideByName(table: Table): (facts: SituationFacts) => NamedDecision {
  const entries = table.tested.map((index) => table.facts[index] as TableFact);
  const names = entries.map(({ fact }) => asRead(fact.id));
  const places = new Map(names.map((name, place) => [name, place]));
  const numbers = entries.map(
    ({ values }) => new Map(values.map((value, number) => [asRead(value), number])),
  );
  // Most facts have three or four values with short names, which are compared sooner than looked up; the first stands again for a fourth.
  const isFew = entries.map(
    ({ values }) => values.length <= 4 && values.every(({ length }) => length <= longestAsRead),
  );
  const [first, second, third, fourth] = [0, 1, 2, 3].map((number) =>
    entries.map(({ values }) => asRead(values[number] ?? values[0] ?? '')),
  ) as [string[], string[], string[], string[]];
  const numberOf = (place: number, value: string): number | undefined => {
    if (isFew[place] === true) {
      if (value === first[place]) return 0;
      if (value === second[place]) return 1;
      if (value === third[place]) return 2;
      if (value === fourth[place]) return 3;
    }
    return numbers[place]?.get(value);
  };
  const situation = new Uint8Array(table.facts.length);
  return (facts) => {
    let count = 0;
    for (const name in facts) {
      // Mostly they come in the order of the pack; then no name is looked up.
      const place = names[count] === name ? count : (places.get(name) ?? -1);
      const value = facts[name] as string;
      const number = numberOf(place, value);
      if (number === undefined) throw new Error(`\`${name}\` cannot be \`${facts[name]}\``);
      situation[table.tested[place] as number] = number;
      count += 1;
    }
    if (count !== names.length) throw new Error(`${count} facts are not the ${names.length} of a situation`);
    return withNames(table, decide(table, situation));
  };
}

// Of names of fields, and of values this long at most, V8 keeps one text each when it reads JSON.
const longestAsRead = 10;

// The same text as the one that V8 makes of it when it reads JSON, so that comparing the two is comparing addresses.
function asRead(text: string): string {
  return Object.keys({ [text]: true })[0] ?? text;
}

function withNames({ rules, additions }: Table, decision: EncodedDecision): NamedDecision {
  const named: { verdict: Verdict; rules: string[]; additions: string[] } = {
    verdict: decision.verdict,
    rules: [],
    additions: [],
  };
  for (let at = 0; at < decision.rules.length; at++)
    named.rules.push((rules[decision.rules[at] as number] as Rule).id);
  for (let at = 0; at < decision.additions.length; at++)
    named.additions.push(additions[decision.additions[at] as number] as string);
  return named;
}

/**
 * What follows from the rules that apply, whose ids come in any order. None of the engines has verdicts of its own that could be
 * combined, and those that can calculate take longer for it than this does.
 */
export function conclusion(table: Table): (applying: readonly string[]) => NamedDecision {
  const numberOf = new Map(table.rules.map(({ id }, number) => [id, number]));
  return (applying) => {
    const rules = applying.map((id) => numberOf.get(id) ?? -1).sort((a, b) => a - b);
    const additions = new Set<number>();
    let isPermitted = false;
    let hasConditions = false;
    for (const rule of rules) {
      isPermitted ||= hasBit(table.permissions, rule);
      hasConditions ||= hasBit(table.conditional, rule);
      for (const addition of table.adds[rule] ?? []) additions.add(addition);
    }
    const strictest = table.severities[rules[0] ?? -1] ?? noVerdict;
    return withNames(table, {
      verdict: combineVerdicts({ strictest, isPermitted, hasConditions }),
      rules,
      additions: [...additions].sort((a, b) => a - b),
    });
  };
}
