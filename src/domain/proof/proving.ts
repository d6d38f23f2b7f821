import type { Table, TableFact } from '../decision/table.ts';
import { notApplicable, type Pack, type When } from '../policy/pack.ts';
import { BudgetExceeded, type NodeId } from './diagram.ts';
import { type SituationFacts, statableFacts } from './situation.ts';
import { buildSpace, cubeOf, either, no, type Space, without, yes } from './space.ts';
import { buildVerdict, joinVerdicts, type RuleGrowth, terminal } from './verdict-diagram.ts';

/** The policy of one day as diagrams. */
export type Proving = {
  readonly space: Space;
  readonly pack: Pack;
  readonly table: Table;
  /** What the rules amount to, whatever can happen. */
  readonly verdict: NodeId;
  /** The same where it can happen and fits; `impossible` elsewhere. */
  readonly within: NodeId;
  /** How many nodes each rule took when it was joined. */
  readonly growth: readonly RuleGrowth[];
};

/** Thrown where the rules are too tangled to prove. Deciding needs no diagrams and goes on. */
export class TooTangled extends Error {
  /** Ids of the rules whose joining made the diagrams grow most, the worst first. */
  readonly rules: readonly string[];
  readonly nodes: number;
  constructor({ nodes }: BudgetExceeded, rules: readonly string[]) {
    super(`the rules are too tangled to prove: their diagrams need more than ${nodes} nodes`);
    this.nodes = nodes;
    this.rules = rules;
  }
}

/** Compiles the policy into diagrams. Throws `TooTangled` where they would need more nodes than `budget`. */
export function buildProving(table: Table, pack: Pack, budget?: number): Proving {
  const growth: RuleGrowth[] = [];
  return untangled(table, growth, () => {
    const space = buildSpace(table, pack, table.order, budget);
    const verdict = buildVerdict(space, [...table.rules.keys()], (one) => void growth.push(one));
    return { space, pack, table, verdict, within: restrict(space, verdict, space.fitting), growth };
  });
}

/** Runs what works on diagrams; where they grow over their budget, the rules behind it are named. */
export function untangled<Result>(table: Table, growth: readonly RuleGrowth[], work: () => Result): Result {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof BudgetExceeded)) throw error;
    throw new TooTangled(error, mostTangled(table, growth));
  }
}

const mostNamed = 12;

// The few rules behind nine tenths of the growth: to name all would be to name none.
function mostTangled(table: Table, growth: readonly RuleGrowth[]): string[] {
  const worst = growth.toSorted((a, b) => b.nodes - a.nodes);
  const all = worst.reduce((sum, { nodes }) => sum + nodes, 0);
  const named: string[] = [];
  let covered = 0;
  for (const { rule, nodes } of worst) {
    if (named.length >= mostNamed || covered >= all * 0.9) break;
    named.push(table.rules[rule]?.id ?? '');
    covered += nodes;
  }
  return named;
}

/** The diagram with everything outside `where` made `impossible`. */
export function restrict({ diagrams }: Space, verdict: NodeId, where: NodeId): NodeId {
  const outside = diagrams.map(where, [terminal.impossible, terminal.nothing, no, no, no, no, no, no]);
  return diagrams.combine(verdict, outside, joinVerdicts, terminal.impossible, terminal.nothing);
}

/** The tests of a `when` as a 0/1 diagram. */
export function nodeOf(space: Space, when: When): NodeId {
  return cubeOf(space, compileWhen(space.table, when), yes, no);
}

/** The tests of a `when` by the numbers of facts and values. Facts that the table does not know are left out. */
export function compileWhen(table: Table, when: When): { fact: number; bits: number }[] {
  return [...when].flatMap(([name, values]) => {
    const entry = table.facts[table.factNumber.get(name) ?? -1];
    if (entry === undefined) return [];
    let bits = 0;
    for (const value of values)
      bits |= value === notApplicable ? entry.naBit : 1 << (entry.numberOf.get(value) ?? 31);
    return [{ fact: entry.index, bits }];
  });
}

/** Where a condition, next step or duty is added by some rule. */
export function presenceOf(space: Space, pack: Pack, table: Table, id: string): NodeId {
  if (pack.conditions.get(id)?.kind === 'standing') return yes;
  const number = table.additions.indexOf(id);
  return whereSomeRule(space, (rule) => (table.adds[rule] as readonly number[]).includes(number));
}

/** Where some rule of a sort applies. */
export function whereSomeRule(space: Space, isMeant: (rule: number) => boolean): NodeId {
  let node: NodeId = no;
  for (const [rule, tests] of space.table.tests.entries())
    if (isMeant(rule)) node = either(space.diagrams, node, cubeOf(space, tests, yes, no));
  return node;
}

/** One situation in which a 0/1 diagram is 1, as near to ordinary as can be; null where there is none that can be stated. */
export function exampleOf(space: Space, node: NodeId): SituationFacts | null {
  return findSituation(space, node)?.facts ?? null;
}

export type FoundSituation = {
  /** The number of the value of each fact, by its place in the order of the space. */
  readonly values: readonly number[];
  readonly facts: SituationFacts;
};

/** The same, with the values as numbers. */
export function findSituation(space: Space, node: NodeId): FoundSituation | null {
  const { diagrams } = space;
  let rest = node;
  for (let tries = 0; tries < mostTries; tries++) {
    const values = diagrams.findOne(rest, yes, preferences(space));
    if (values === null) return null;
    const facts = statableFacts(space, values);
    if (facts !== null) return { values, facts };
    const own = diagrams.cube(
      values.map((value, variable) => ({ variable, bits: 1 << value })),
      yes,
      no,
    );
    rest = without(diagrams, rest, own);
  }
  return null;
}

const mostTries = 20;

/** For each variable the values to try first: what is ordinary and what is assumed. */
export function preferences({ table, order }: Space): number[][] {
  return order.map((fact) => {
    const { fact: own, numberOf } = table.facts[fact] as TableFact;
    // What is asked only now and then is ordinarily what is assumed otherwise.
    const usual = own.askedWhen.length > 0 ? [own.default, own.ordinary] : [own.ordinary, own.default];
    return usual.flatMap((value) => (value === undefined ? [] : [numberOf.get(value) ?? 0]));
  });
}
