import type { Condition, Pack, Question } from '../policy/pack.ts';
import { isPermission, severityOf, type Verdict, verdicts } from '../shared/verdict.ts';
import { type Evaluation, evaluate, type Situation } from './evaluate.ts';
import { fittingOptions, missingFacts, optionsOf, relevantRules } from './next-question.ts';
import { findOutcome, type Outcome } from './outcome.ts';
import type { Table } from './table.ts';

/**
 * What the answer to one question can still change: it decides between verdicts, each the best that can then be reached; it can
 * lead to verdicts together with other answers; or it can only add to what a yes takes.
 */
export type QuestionEffect =
  | { readonly kind: 'decides'; readonly verdicts: readonly Verdict[] }
  | { readonly kind: 'can-lead-to'; readonly verdicts: readonly Verdict[] }
  | { readonly kind: 'can-add'; readonly what: readonly ('condition' | 'next-step')[] };

/**
 * Works out what a question can still change, from all of its answers. Verdicts stand mildest first. Null where it changes nothing
 * any more, and for the tool, on which everything hangs.
 */
export function effectOf(
  table: Table,
  pack: Pack,
  situation: Situation,
  question: Question,
): QuestionEffect | null {
  if (optionsOf(question, pack).length === 0) return null;
  const evaluation = evaluate(table, pack, situation);
  const effects = effectsOf.get(table) ?? new Map<string, QuestionEffect | null>();
  effectsOf.set(table, effects);
  const key = [question.id, situation.tool?.id, ...situation.stated.keys(), ...evaluation.possible].join();
  const known = effects.get(key);
  if (known !== undefined) return known;
  const made = findEffect(table, pack, situation, evaluation, question);
  if (effects.size >= mostKnown) effects.clear();
  effects.set(key, made);
  return made;
}

// Every answer to a question has to be tried, and most people come through the same few situations.
const effectsOf = new WeakMap<Table, Map<string, QuestionEffect | null>>();
const mostKnown = 2000;

function findEffect(
  table: Table,
  pack: Pack,
  situation: Situation,
  evaluation: Evaluation,
  question: Question,
): QuestionEffect | null {
  const outcome = findOutcome(table, evaluation);
  const asked = new Set(question.facts);
  const rules = relevantRules(table, outcome).filter((rule) =>
    missingFacts(table, evaluation, [rule]).some((fact) => asked.has(fact)),
  );
  if (rules.length === 0) return null;
  if (!outcome.settled) {
    const best = bestVerdicts(table, pack, situation, evaluation, question);
    if (best.length > 1) return { kind: 'decides', verdicts: best };
    const possible = verdictsOf(table, outcome, rules);
    if (possible.length > 0) return { kind: 'can-lead-to', verdicts: possible };
  }
  return { kind: 'can-add', what: kindsAdded(table, pack, outcome, rules) };
}

function bestVerdicts(
  table: Table,
  pack: Pack,
  situation: Situation,
  evaluation: Evaluation,
  question: Question,
): Verdict[] {
  const best = new Set<Verdict>();
  for (const { sets } of fittingOptions(table, pack, situation, evaluation, question)) {
    const stated = new Map([...situation.stated, ...sets]);
    const answered = evaluate(table, pack, { ...situation, stated });
    if (answered.problems.length === 0) best.add(findOutcome(table, answered).best);
  }
  return verdicts.filter((verdict) => best.has(verdict));
}

// The verdicts of rules that wait for the answer and would change the one there is.
function verdictsOf(table: Table, outcome: Outcome, rules: readonly number[]): Verdict[] {
  const severities = new Set(rules.map((rule) => table.severities[rule]));
  return verdicts.filter((verdict) => {
    const severity = severityOf(verdict);
    return severities.has(severity) && (isPermission(verdict) || severity > severityOf(outcome.best));
  });
}

function kindsAdded(
  table: Table,
  pack: Pack,
  outcome: Outcome,
  rules: readonly number[],
): ('condition' | 'next-step')[] {
  const present = new Set(outcome.rules.flatMap((rule) => table.adds[rule] as readonly number[]));
  const added = rules
    .flatMap((rule) => table.adds[rule] as readonly number[])
    .filter((addition) => !present.has(addition))
    .map((addition) => (pack.conditions.get(table.additions[addition] ?? '') as Condition).kind);
  return (['condition', 'next-step'] as const).filter((kind) => added.includes(kind));
}
