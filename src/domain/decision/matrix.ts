import type { Fact, InformationKind, MatrixFilter, MatrixPlan, Pack, Tool } from '../policy/pack.ts';
import type { Verdict } from '../shared/verdict.ts';
import { type Evaluation, evaluate, type Situation } from './evaluate.ts';
import { missingFacts } from './next-question.ts';
import { findOutcome, type Outcome } from './outcome.ts';
import type { StatedFacts } from './parse-facts.ts';
import type { Table } from './table.ts';

/** One tool with one kind of information: the verdict, and the facts that get it when somebody states them. */
export type MatrixCell = {
  readonly information: InformationKind;
  readonly verdict: Verdict;
  /** False where a fact matters that has no ordinary value. */
  readonly settled: boolean;
  readonly stated: StatedFacts;
};

export type MatrixRow = {
  readonly tool: Tool;
  /** The values that filters took from the tool, because nothing was chosen: what it is mainly for. */
  readonly own: ReadonlyMap<string, string>;
  readonly cells: readonly MatrixCell[];
};

/** Which tool for which information, worked out from the rules. */
export type Matrix = {
  /** In the order of the catalogue. */
  readonly rows: readonly MatrixRow[];
  /** Tools that what was chosen does not fit: nobody is meant to use a password manager for a call. */
  readonly unfitting: readonly Tool[];
  /** What neither a column nor a filter says and mattered somewhere, with the ordinary value that was taken. */
  readonly ordinary: ReadonlyMap<string, string>;
};

/**
 * Decides each of the tools with each kind of information of the plan. `chosen` holds the values of the filters; where one is left
 * out, each tool has the first value that fits it. Everything else that matters has its ordinary value.
 */
export function buildMatrix(
  table: Table,
  pack: Pack,
  { filters, information }: MatrixPlan,
  tools: readonly Tool[],
  chosen: ReadonlyMap<string, string>,
): Matrix {
  const ordinary = new Map<string, string>();
  const rows: MatrixRow[] = [];
  const unfitting: Tool[] = [];
  for (const tool of tools) {
    const named = evaluate(table, pack, { tool, stated: new Map([['tool', tool.id]]) });
    if (filters.some(({ fact }) => !fits(table, named, fact, chosen.get(fact)))) {
      unfitting.push(tool);
      continue;
    }
    const own = new Map(filters.flatMap((filter) => ownValue(table, pack, named, tool, filter, chosen)));
    const cells = information.map((kind) => {
      const stated = new Map([['tool', tool.id], ...chosen, ...own, ...kind.sets]);
      const { outcome, ...found } = settleOrdinary(table, pack, { tool, stated });
      for (const [fact, value] of found.taken) ordinary.set(fact, value);
      return { information: kind, verdict: outcome.verdict, settled: outcome.settled, stated: found.stated };
    });
    rows.push({ tool, own, cells });
  }
  return { rows, unfitting, ordinary };
}

/** A situation in which nothing that matters is left unsaid. */
export type OrdinarySituation = {
  /** Without what does not apply. */
  readonly stated: StatedFacts;
  readonly outcome: Outcome;
  /** What was added, each with its ordinary value. */
  readonly taken: ReadonlyMap<string, string>;
};

/** States everything that is left unsaid and can still matter, as it ordinarily is: an account, a device, an audience. */
export function settleOrdinary(table: Table, pack: Pack, { tool, stated }: Situation): OrdinarySituation {
  const all = new Map(stated);
  const taken = new Map<string, string>();
  // Each round states at least one more fact, so this ends.
  for (;;) {
    const evaluation = evaluate(table, pack, { tool, stated: all });
    const outcome = findOutcome(table, evaluation);
    const unsaid = missingFacts(table, evaluation, outcome.undecided).flatMap((id) => {
      const value = all.has(id) ? undefined : usualValue(table, evaluation, id);
      return value === undefined ? [] : [[id, value] as const];
    });
    if (unsaid.length === 0) {
      for (const fact of evaluation.ignored) all.delete(fact);
      return { stated: all, outcome, taken: new Map([...taken].filter(([fact]) => all.has(fact))) };
    }
    for (const [fact, value] of unsaid) {
      all.set(fact, value);
      taken.set(fact, value);
    }
  }
}

function usualValue(table: Table, { possible }: Evaluation, id: string): string | undefined {
  const entry = table.facts[table.factNumber.get(id) ?? -1];
  if (entry === undefined) return undefined;
  const usual = entry.fact.ordinary ?? entry.fact.default;
  const bit = 1 << (entry.numberOf.get(usual ?? '') ?? 31);
  return ((possible[entry.index] ?? 0) & bit) === 0 ? undefined : usual;
}

// What does not apply to a tool at all fits it: nothing hangs on it.
function fits(table: Table, { possible }: Evaluation, id: string, value: string | undefined): boolean {
  const entry = table.facts[table.factNumber.get(id) ?? -1];
  if (entry === undefined || value === undefined) return true;
  const bits = possible[entry.index] ?? 0;
  return bits === entry.naBit || (bits & (1 << (entry.numberOf.get(value) ?? 31))) !== 0;
}

function ownValue(
  table: Table,
  pack: Pack,
  named: Evaluation,
  tool: Tool,
  { fact: id }: MatrixFilter,
  chosen: ReadonlyMap<string, string>,
): [string, string][] {
  const fact = pack.facts.get(id);
  if (fact === undefined || chosen.has(id)) return [];
  const first = mainValues(fact, tool).find((value) => fits(table, named, id, value));
  return first === undefined ? [] : [[id, first]];
}

// The lists of what fits begin with what a tool is mainly for.
function mainValues({ id, fits: lists, values }: Fact, tool: Tool): readonly string[] {
  const ofKind = lists?.values.get(tool.facts.get(lists.by) ?? '');
  return tool.fits.get(id) ?? ofKind ?? values.map((value) => value.id);
}
