import { type Evaluation, evaluate } from '#domain/decision/evaluate.ts';
import type { Policy } from '#domain/decision/policy.ts';
import type { Table, TableFact } from '#domain/decision/table.ts';
import type { Fact } from '#domain/policy/pack.ts';
import type { Day } from '#domain/shared/day.ts';
import type { Random } from './random.ts';

/** A complete situation as `decide` takes it: for each fact the number of its value. */
export type Situation = Uint8Array;

/**
 * Random situations that can really occur. Random facts are stated about a random tool; what follows from them (what does
 * not apply, what the catalogue or a register holds, defaults, derived facts) is worked out by the product itself.
 */
export function randomSituations(policy: Policy, day: Day, count: number, random: Random): Situation[] {
  const made: Situation[] = [];
  while (made.length < count) made.push(oneSituation(policy, policy.tableOn(day), random));
  return made;
}

function oneSituation(policy: Policy, table: Table, random: Random): Situation {
  const tools = [...policy.pack.tools.values(), null];
  const tool = tools[random.below(tools.length)] ?? null;
  const stated = new Map([['tool', tool?.id ?? 'something else']]);
  for (const { fact } of table.facts) {
    if (fact.valuesFrom === 'tools' || !mayBeStated(fact, random)) continue;
    stated.set(fact.id, fact.values[random.below(fact.values.length)]?.id ?? '');
  }
  for (;;) {
    const evaluation = evaluate(table, policy.pack, { stated, tool });
    // What contradicts the catalogue, or may not be stated, is not a possible situation: it is left unsaid.
    for (const { fact } of evaluation.problems) stated.delete(fact);
    if (evaluation.problems.length > 0) continue;
    const open = table.facts.find(({ index }) => !isSingle(evaluation.possible[index] ?? 0));
    if (open === undefined) return encoded(table, evaluation);
    stated.set(open.fact.id, pickValue(open, evaluation.possible[open.index] ?? 0, random));
  }
}

// Half of what nobody is asked keeps its default, as it mostly does in life.
function mayBeStated({ origin }: Fact, random: Random): boolean {
  return origin === 'asked' || (origin !== 'derived' && random.next() < 0.5);
}

function pickValue({ values, naBit }: TableFact, bits: number, random: Random): string {
  const open = values.filter((_, number) => (bits & ~naBit & (1 << number)) !== 0);
  return open[random.below(open.length)] ?? '';
}

function encoded(table: Table, { possible }: Evaluation): Situation {
  return Uint8Array.from(table.facts, ({ index }) => 31 - Math.clz32(possible[index] ?? 0));
}

function isSingle(bits: number): boolean {
  return bits !== 0 && (bits & (bits - 1)) === 0;
}
