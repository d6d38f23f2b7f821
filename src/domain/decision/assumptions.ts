import type { Pack } from '../policy/pack.ts';
import { isPermission, severityOf, type Verdict } from '../shared/verdict.ts';
import { addTheSame } from './additions.ts';
import { hasBit } from './bit-set.ts';
import { combineVerdicts } from './combine-verdicts.ts';
import { type Evaluation, holds, reevaluate, type Situation } from './evaluate.ts';
import { findOutcome, type Outcome } from './outcome.ts';
import {
  type Assumption,
  type CompiledWhen,
  isOtherValue,
  type Swing,
  type Table,
  type TableFact,
} from './table.ts';

/**
 * The facts whose default was taken and whose other values could change the verdict or, where the answer is a yes, what it
 * takes. A default that could change nothing is not worth a reader's time.
 */
export function findAssumptions(
  table: Table,
  pack: Pack,
  situation: Situation,
  evaluation: Evaluation,
  outcome: Outcome,
): Assumption[] {
  const found: Assumption[] = [];
  // An open answer is compared with what the rules so far amount to.
  const now = verdictOf(table, outcome.rules);
  for (let at = 0; at < evaluation.assumed.length; at++) {
    const entry = table.facts[evaluation.assumed[at] as number] as TableFact;
    if (entry.fact.origin === 'record' || evaluation.possible[entry.index] === entry.naBit) continue;
    if (couldMatter(table, pack, situation, evaluation, outcome, entry, now)) {
      found.push(entry.assumption);
    }
  }
  return found;
}

function couldMatter(
  table: Table,
  pack: Pack,
  situation: Situation,
  evaluation: Evaluation,
  outcome: Outcome,
  entry: TableFact,
  now: Verdict,
): boolean {
  const { fact } = entry;
  // Of a tool of the catalogue nobody can state it otherwise.
  if (fact.isOnlyForOutside && situation.tool) return false;
  if (entry.gates)
    return (
      couldMoveRules(table, evaluation, entry) &&
      !isForbiddenAnyway(table, outcome, entry) &&
      otherChangesAll(table, pack, situation, evaluation, outcome, entry)
    );
  if (entry.row < 0) return false;
  for (let at = 0; at < entry.swings.length; at++) {
    if (!changesRules(table, evaluation, outcome, entry.swings[at] as readonly Swing[], now)) continue;
    if (!isForbiddenAnyway(table, outcome, entry)) return true;
    break;
  }
  // Where another value ends the asking, what was settled without being asked is open no longer: it does not apply.
  return (
    outcome.settled &&
    fact.asksNothingMore.size > 0 &&
    hangsOnUnasked(table, situation, evaluation, outcome) &&
    otherChangesAll(table, pack, situation, evaluation, outcome, entry)
  );
}

// Whether a rule that applies tests something that was never asked, because all that fits comes to the same.
function hangsOnUnasked(
  table: Table,
  { stated }: Situation,
  { possible, origins }: Evaluation,
  { rules }: Outcome,
): boolean {
  for (let at = 0; at < rules.length; at++) {
    const tests = table.tests[rules[at] as number] as CompiledWhen;
    for (let test = 0; test < tests.length; test++) {
      const { fact } = tests[test] as CompiledWhen[number];
      // Stated, which most are: a look into a list instead of a map of names.
      if (origins[fact] === 'asked') continue;
      const entry = table.facts[fact] as TableFact;
      if (entry.fact.origin !== 'asked' || possible[entry.index] === entry.naBit) continue;
      if (!stated.has(entry.fact.id)) return true;
    }
  }
  return false;
}

// Whether a prohibition applies that tests neither the fact nor one that hangs on it: then no value of it changes anything.
function isForbiddenAnyway(table: Table, { rules }: Outcome, { index }: TableFact): boolean {
  const moving = table.affects[index] as readonly number[];
  for (let at = 0; at < rules.length; at++) {
    const rule = rules[at] as number;
    // Rules stand strictest first.
    if ((table.severities[rule] as number) < strictest) return false;
    if ((table.tests[rule] as CompiledWhen).every(({ fact }) => fact !== index && !moving.includes(fact)))
      return true;
  }
  return false;
}

// Whether a rule that tests the fact, or one that hangs on it, is not kept from applying by the facts that stay as they are.
function couldMoveRules(table: Table, { possible }: Evaluation, { index }: TableFact): boolean {
  const moving = table.affects[index] as readonly number[];
  const moves = (fact: number): boolean => fact === index || moving.includes(fact);
  const isOpen = (rule: number): boolean =>
    (table.tests[rule] as CompiledWhen).every(
      ({ fact, bits }) => ((possible[fact] as number) & bits) !== 0 || moves(fact),
    );
  return table.rulesOf[index]?.some(isOpen) || moving.some((fact) => table.rulesOf[fact]?.some(isOpen));
}

// With another value some rules come in and others go; nothing else moves.
function changesRules(
  table: Table,
  { possible }: Evaluation,
  outcome: Outcome,
  swings: readonly Swing[],
  now: Verdict,
): boolean {
  let rules: number[] | undefined;
  for (let at = 0; at < swings.length; at++) {
    const { rule, comesIn, others } = swings[at] as Swing;
    if (holds(others, possible) === 0) continue;
    rules ??= outcome.rules.slice();
    const place = rules.indexOf(rule);
    if (comesIn && place < 0) rules.push(rule);
    else if (!comesIn && place >= 0) rules.splice(place, 1);
  }
  if (rules === undefined) return false;
  if (now !== verdictOf(table, rules)) return true;
  return isPermission(outcome.best) && !addTheSame(table, outcome.rules, rules);
}

const guidance = severityOf('get-guidance');
const strictest = severityOf('not-allowed');

function verdictOf(table: Table, rules: readonly number[]): Verdict {
  let strictest = -1;
  let isPermitted = false;
  let hasConditions = false;
  for (let at = 0; at < rules.length; at++) {
    const rule = rules[at] as number;
    const severity = table.severities[rule] as number;
    if (severity > strictest) strictest = severity;
    if (severity >= 0 && severity < guidance) isPermitted = true;
    if (hasBit(table.conditional, rule)) hasConditions = true;
  }
  return combineVerdicts({ strictest, isPermitted, hasConditions });
}

// Whether any other value that may be stated changes something, now that all is worked out again.
function otherChangesAll(
  table: Table,
  pack: Pack,
  situation: Situation,
  evaluation: Evaluation,
  outcome: Outcome,
  entry: TableFact,
): boolean {
  return entry.values.some(
    (_, number) =>
      isOtherValue(entry, number) && changesAll(table, pack, situation, evaluation, outcome, entry, number),
  );
}

// The value decides whether other facts apply, so these are looked at again.
function changesAll(
  table: Table,
  pack: Pack,
  situation: Situation,
  evaluation: Evaluation,
  outcome: Outcome,
  entry: TableFact,
  number: number,
): boolean {
  const { possible, problems } = reevaluate(
    table,
    pack,
    situation,
    evaluation,
    entry,
    entry.values[number] ?? '',
  );
  if (problems.length > 0) return false;
  const other = findOutcome(table, { possible });
  if (other.verdict !== outcome.verdict || other.settled !== outcome.settled) return true;
  return isPermission(outcome.best) && !addTheSame(table, outcome.rules, other.rules);
}

/** The asked facts answered `unknown` on which a rule's tests hang: what to find out first. */
export function unknownFactsOf(
  table: Table,
  pack: Pack,
  rule: number,
  situation: Situation,
  evaluation: Evaluation,
): string[] {
  const found: string[] = [];
  for (const { fact } of table.tests[rule] as readonly { fact: number }[]) {
    const entry = table.facts[fact] as TableFact;
    const unknown = entry.numberOf.get('unknown');
    if (unknown === undefined || evaluation.possible[fact] !== 1 << unknown) continue;
    const { follows, origin, id } = entry.fact;
    if (follows !== undefined) {
      const organisation = pack.organisations.get(situation.stated.get(follows) ?? '');
      if (organisation?.isUnknown) found.push(follows);
    } else if (origin === 'asked' && situation.stated.has(id)) found.push(id);
  }
  return found;
}
