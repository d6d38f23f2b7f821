import type { Option, Pack, Question, Tool } from '../policy/pack.ts';
import { isPermission, type Verdict } from '../shared/verdict.ts';
import { type Evaluation, evaluate, type Situation } from './evaluate.ts';
import {
  fittingOptions,
  missingFacts,
  type NextQuestion,
  nextQuestion,
  openPages,
  relevantRules,
} from './next-question.ts';
import { findOutcome, type Outcome } from './outcome.ts';
import type { Table } from './table.ts';
import { toolGroups } from './tool-groups.ts';

/** A permission that a situation has, or that answers to the open questions can still give it. */
export type Reach = {
  readonly verdict: Verdict;
  readonly settled: boolean;
  /** Counts the pages of questions that remain until nothing more is asked, when they are answered so that it is reached. */
  readonly countPages: () => number;
};

/**
 * The best permission that a situation can still get, with answers that really lead there; null where none do, or where what
 * is stated contradicts what is recorded.
 */
export function findReach(table: Table, pack: Pack, situation: Situation): Reach | null {
  const state = read(table, pack, situation);
  if (state === null || !isPermission(state.outcome.best)) return null;
  const { settled, best, verdict } = state.outcome;
  if (settled) return { verdict, settled, countPages: () => pagesBetween(table, pack, situation, situation) };
  const budget = { left: mostLooks };
  // The table reads each rule for itself, so its best verdict may hang on answers that exclude each other.
  const way =
    answers(table, pack, situation, budget, best) ??
    (best === 'allowed' ? answers(table, pack, situation, budget, 'allowed-with-conditions') : null);
  if (way === null) return null;
  const countPages = (): number => pagesBetween(table, pack, situation, way.situation);
  return { verdict: way.verdict, settled, countPages };
}

// Real packs need a few dozen; only answers that exclude each other late could need more.
const mostLooks = 2000;

type State = { readonly evaluation: Evaluation; readonly outcome: Outcome };
type Way = { readonly situation: Situation; readonly verdict: Verdict };

function read(table: Table, pack: Pack, situation: Situation): State | null {
  const evaluation = evaluate(table, pack, situation);
  return evaluation.problems.length > 0 ? null : { evaluation, outcome: findOutcome(table, evaluation) };
}

// Answers one question after the other, most usual answers first, as long as the verdict can still be had.
function answers(
  table: Table,
  pack: Pack,
  situation: Situation,
  budget: { left: number },
  wanted: Verdict,
): Way | null {
  if (budget.left-- <= 0) return null;
  const state = read(table, pack, situation);
  if (state === null || !isAsMild(state.outcome.best, wanted)) return null;
  const { evaluation, outcome } = state;
  if (outcome.settled) return { situation, verdict: outcome.verdict };
  // In authored order: which page tells most does not matter for whether there is a way.
  const [page] = openPages(pack, new Set(missingFacts(table, evaluation, relevantRules(table, outcome))));
  const question = page?.questions[0];
  if (question === undefined) return null;
  for (const answered of answersTo(table, pack, situation, evaluation, question)) {
    const way = answers(table, pack, answered, budget, wanted);
    if (way !== null) return way;
  }
  return null;
}

function isAsMild(best: Verdict, wanted: Verdict): boolean {
  return wanted === 'allowed' ? best === 'allowed' : isPermission(best);
}

function answersTo(
  table: Table,
  pack: Pack,
  situation: Situation,
  evaluation: Evaluation,
  question: Question,
): Situation[] {
  if (isAboutTool(pack, question))
    return toolsToTry(table, pack).map((tool) => withTool(question, situation, tool));
  const options = fittingOptions(table, pack, situation, evaluation, question);
  const usual = ({ sets }: Option): number =>
    [...sets].filter(([id, value]) => isUsual(pack, id, value)).length;
  return options
    .toSorted((a, b) => usual(b) - usual(a))
    .map((option) => withOption(question, situation, option));
}

function isUsual(pack: Pack, id: string, value: string): boolean {
  const fact = pack.facts.get(id);
  return value === (fact?.ordinary ?? fact?.default);
}

function isAboutTool(pack: Pack, { facts }: Question): boolean {
  return facts.some((id) => pack.facts.get(id)?.valuesFrom === 'tools');
}

function toolsToTry(table: Table, pack: Pack): Tool[] {
  const preferred = pack.meanwhile.tools.flatMap((id) => pack.tools.get(id) ?? []);
  return [...preferred, ...toolGroups(table, pack).all.map(({ one }) => one)];
}

function withTool({ facts }: Question, { stated }: Situation, tool: Tool): Situation {
  return { stated: new Map([...stated, ...facts.map((id) => [id, tool.id] as const)]), tool };
}

function withOption({ facts }: Question, { stated, tool }: Situation, { sets }: Option): Situation {
  const now = new Map(stated);
  for (const id of facts) now.delete(id);
  for (const [id, value] of sets) now.set(id, value);
  return { stated: now, tool };
}

// The pages as they come when somebody answers them that way, to the last one.
function pagesBetween(table: Table, pack: Pack, from: Situation, to: Situation): number {
  let situation = from;
  for (let pages = 0; ; pages++) {
    const state = read(table, pack, situation);
    const next =
      state === null ? null : nextQuestion(table, pack, situation, state.evaluation, state.outcome);
    if (state === null || next === null || pages === pack.pages.length * 2) return pages;
    situation = answerPage(table, pack, situation, state.evaluation, next, to);
  }
}

function answerPage(
  table: Table,
  pack: Pack,
  situation: Situation,
  evaluation: Evaluation,
  { questions }: NextQuestion,
  to: Situation,
): Situation {
  return questions.reduce((now, question) => {
    const options = answersTo(table, pack, now, evaluation, question);
    const same = options.find(({ stated }) =>
      question.facts.every((id) => !to.stated.has(id) || stated.get(id) === to.stated.get(id)),
    );
    return same ?? options[0] ?? now;
  }, situation);
}
