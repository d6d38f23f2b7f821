import type { Evaluation, Situation } from '../decision/evaluate.ts';
import type { Table, TableFact } from '../decision/table.ts';
import type { Pack } from '../policy/pack.ts';
import { severityOf, verdicts } from '../shared/verdict.ts';
import { buildOdds, Chances, type Joint, type Odds } from './chances.ts';
import { BudgetExceeded, type NodeId } from './diagram.ts';
import { cubeOf, either, newDiagrams, no, type Space, yes } from './space.ts';
import { buildVerdict, terminal, verdictAt } from './verdict-diagram.ts';

/** A page that could be asked next: the numbers of the unstated facts that its questions set. */
export type PageToRank = {
  /** Those that can still matter. */
  readonly facts: readonly number[];
  /** Those that would keep their default if the questions were not asked. */
  readonly beside: readonly number[];
};

/** What is still open: the verdict, or where that is settled, what the answer takes. */
export type OpenMatter =
  | { readonly kind: 'verdict' }
  /** Numbers of the conditions, next steps and duties that may still be added. */
  | { readonly kind: 'additions'; readonly additions: readonly number[] };

/** What each page is expected to tell of what is open, in bits, and the share by which the best may be missed. */
export type Gains = { readonly bits: readonly number[]; readonly margin: number };

/** The most nodes that the diagrams for ranking may have: about 40 megabytes. */
const rankingBudget = 500_000;

/**
 * How much each page is expected to tell, by the priors of the pack: the information that its facts carry about the verdict, or
 * about each condition. Null where the pack has no priors or its rules are too tangled; then nothing can be said.
 */
export function gainsOf(
  table: Table,
  pack: Pack,
  situation: Situation,
  evaluation: Evaluation,
  pages: readonly PageToRank[],
  open: OpenMatter,
): Gains | null {
  const ranking = rankingOf(table, pack);
  if (ranking === null || pack.priors === null) return null;
  // Most people come through the same few situations.
  const about = open.kind === 'verdict' ? 'verdict' : open.additions.join(' ');
  const key = [situation.tool?.id, about, ...situation.stated.keys(), ...evaluation.possible].join();
  const known = ranking.known.get(key);
  if (known !== undefined) return known;
  const gains = { bits: bitsOf(ranking, situation, evaluation, pages, open), margin: pack.priors.margin };
  if (ranking.known.size >= mostKnown) ranking.known.clear();
  ranking.known.set(key, gains);
  return gains;
}

const mostKnown = 2000;

function bitsOf(
  ranking: Ranking,
  situation: Situation,
  evaluation: Evaluation,
  pages: readonly PageToRank[],
  open: OpenMatter,
): number[] {
  const roots = open.kind === 'verdict' ? [ranking.verdict] : ranking.additions(open.additions);
  const chances = new Chances(ranking.odds, ranking.space.diagrams, situation, evaluation, {
    candidates: pages.flatMap(({ facts }) => facts),
    beside: pages.flatMap(({ beside }) => beside),
    roots,
  });
  const outcomeOf = open.kind === 'verdict' ? verdictOutcomes : yesOrNo;
  const outcomes = open.kind === 'verdict' ? verdicts.length : 2;
  const gains = new Map<number, number>();
  for (const root of roots) {
    for (const [fact, joint] of chances.of(root, outcomeOf, outcomes))
      gains.set(fact, (gains.get(fact) ?? 0) + informationIn(joint, outcomes));
  }
  return pages.map(({ facts, beside }) =>
    [...facts, ...beside].reduce((sum, fact) => sum + (gains.get(fact) ?? 0), 0),
  );
}

/** The first page, in authored order, whose gain is as good as the best one's, as far as the margin goes. */
export function firstOfTheBest({ bits, margin }: Gains): number {
  const enough = Math.max(...bits) * (1 - margin);
  return bits.findIndex((gain) => gain >= enough - leastGain);
}

/** Below this a gain is nothing but the rounding of numbers, in bits. */
export const leastGain = 1e-9;

/** How much knowing the fact is expected to tell about the outcome, in bits. */
export function informationIn(joint: Joint, outcomes: number): number {
  const ofOutcome = new Float64Array(outcomes);
  let conditional = 0;
  for (let at = 0; at < joint.length; at += outcomes) {
    let share = 0;
    for (let outcome = 0; outcome < outcomes; outcome++) {
      const chance = joint[at + outcome] as number;
      share += chance;
      ofOutcome[outcome] = (ofOutcome[outcome] as number) + chance;
      conditional += surprise(chance);
    }
    conditional -= surprise(share);
  }
  let entropy = 0;
  for (const chance of ofOutcome) entropy += surprise(chance);
  return Math.max(0, entropy - conditional);
}

function surprise(chance: number): number {
  return chance > 0 ? -chance * Math.log2(chance) : 0;
}

const verdictOutcomes = Array.from({ length: terminal.impossible + 1 }, (_, node) => {
  const verdict = verdictAt(node);
  return verdict === null ? 0 : severityOf(verdict);
});
const yesOrNo = verdictOutcomes.map((_, node) => (node === yes ? 1 : 0));

type Ranking = {
  readonly odds: Odds;
  readonly space: Space;
  readonly verdict: NodeId;
  /** The diagrams of where these are added, each once. */
  readonly additions: (numbers: readonly number[]) => NodeId[];
  /** What was worked out before. */
  readonly known: Map<string, Gains>;
};

// Built once for the rules of one day, when a question is first ranked.
const rankings = new WeakMap<Table, Ranking | null>();
function rankingOf(table: Table, pack: Pack): Ranking | null {
  const known = rankings.get(table);
  if (known !== undefined) return known;
  const made = buildRanking(table, pack);
  rankings.set(table, made);
  return made;
}

function buildRanking(table: Table, pack: Pack): Ranking | null {
  if (pack.priors === null) return null;
  try {
    const odds = buildOdds(table, pack);
    const { order, placeOf } = odds;
    const sizes = order.map((fact) => (table.facts[fact] as TableFact).values.length);
    // Nothing is left out as impossible here: an answer that cannot be given has no chance in the first place.
    const space: Space = {
      table,
      pack,
      diagrams: newDiagrams(sizes, rankingBudget),
      order,
      placeOf,
      possible: yes,
      fitting: yes,
      conceivable: () => yes,
    };
    const verdict = buildVerdict(space, [...table.rules.keys()]);
    const added = table.additions.map((_, addition) => whereAdded(space, addition));
    return {
      odds,
      space,
      verdict,
      additions: (numbers) => [...new Set(numbers.map((number) => added[number] as NodeId))],
      known: new Map(),
    };
  } catch (error) {
    // Questions are then asked in the order in which they were written.
    if (error instanceof BudgetExceeded) return null;
    throw error;
  }
}

function whereAdded(space: Space, addition: number): NodeId {
  const { table, diagrams } = space;
  let node: NodeId = no;
  for (const [rule, added] of table.adds.entries()) {
    if (added.includes(addition))
      node = either(diagrams, node, cubeOf(space, table.tests[rule] ?? [], yes, no));
  }
  return node;
}
