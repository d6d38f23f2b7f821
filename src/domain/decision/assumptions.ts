import { isPermission } from '../shared/verdict.ts';
import type { Pack } from '../policy/pack.ts';
import { evaluate, type Evaluation, type Situation } from './evaluate.ts';
import { addsSomething, findOutcome, type Outcome } from './outcome.ts';
import type { CompiledWhen, Table, TableFact } from './table.ts';

/**
 * The facts whose default was taken and whose other values could change the verdict or what it takes, with the default.
 * A default that could change nothing is not worth a reader's time.
 */
export function findAssumptions(table: Table, pack: Pack, situation: Situation, evaluation: Evaluation, outcome: Outcome): { fact: string; value: string }[] {
  const found: { fact: string; value: string }[] = [];
  for (const index of evaluation.assumed) {
    const entry = table.facts[index] as TableFact;
    if (entry.fact.origin === 'record' || evaluation.possible[index] === entry.naBit) continue;
    if (couldMatter(table, pack, situation, evaluation, outcome, entry)) {
      found.push({ fact: entry.fact.id, value: entry.values[entry.defaultNumber] ?? '' });
    }
  }
  return found;
}

function couldMatter(table: Table, pack: Pack, situation: Situation, evaluation: Evaluation, outcome: Outcome, entry: TableFact): boolean {
  for (const rule of table.rulesOf[entry.index] ?? []) {
    const test = table.tests[rule] as CompiledWhen;
    const own = (test.find(({ fact }) => fact === entry.index) as { bits: number }).bits;
    const isMet = (own & (1 << entry.defaultNumber)) !== 0;
    if (!othersMayHold(test, entry.index, evaluation.possible)) continue;
    if (isMet ? losesSomething(table, rule, outcome, own, entry) : gainsSomething(table, rule, outcome)) return true;
  }
  return entry.gates && opensSomething(table, pack, situation, outcome, entry);
}

function othersMayHold(test: CompiledWhen, fact: number, possible: Int32Array): boolean {
  for (const one of test) if (one.fact !== fact && ((possible[one.fact] as number) & one.bits) === 0) return false;
  return true;
}

// A rule that another value would bring in matters where it is stricter, permits, or adds something.
function gainsSomething(table: Table, rule: number, outcome: Outcome): boolean {
  const severity = table.severities[rule] as number;
  const strictest = outcome.rules.length === 0 ? -1 : Math.max(...outcome.rules.map((other) => table.severities[other] as number));
  if (severity > Math.max(strictest, outcome.isPermitted ? 1 : 2)) return true;
  if (severity === 2 && strictest < 2) return true;
  if (severity >= 0 && severity < 2 && !outcome.isPermitted) return strictest <= 2;
  return isPermission(outcome.best) && addsSomething(table, rule, outcome.rules);
}

// A rule that another value would take away matters where nothing else says the same.
function losesSomething(table: Table, rule: number, outcome: Outcome, own: number, entry: TableFact): boolean {
  const others = outcome.rules.filter((other) => other !== rule);
  if ((own & entry.allBits) === entry.allBits || !outcome.rules.includes(rule)) return false;
  const severity = table.severities[rule] as number;
  const rest = others.length === 0 ? -1 : Math.max(...others.map((other) => table.severities[other] as number));
  if (severity >= 0 && severity > rest) return true;
  return isPermission(outcome.best) && addsSomething(table, rule, others);
}

// Another value may make further facts apply; then the whole situation is looked at again.
function opensSomething(table: Table, pack: Pack, situation: Situation, outcome: Outcome, entry: TableFact): boolean {
  for (const value of entry.values.slice(0, -1)) {
    if (value === entry.values[entry.defaultNumber]) continue;
    const stated = new Map(situation.stated).set(entry.fact.id, value);
    const other = findOutcome(table, evaluate(table, pack, { ...situation, stated }));
    if (other.verdict !== outcome.verdict || other.worst !== outcome.worst || other.best !== outcome.best) return true;
  }
  return false;
}

/** Whether a rule's tests hang on one fact being `unknown`: used to say what to find out first. */
export function unknownFactsOf(table: Table, pack: Pack, rule: number, situation: Situation, evaluation: Evaluation): string[] {
  const found: string[] = [];
  for (const { fact } of table.tests[rule] as CompiledWhen) {
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

