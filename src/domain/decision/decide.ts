import type { Verdict } from '../shared/verdict.ts';
import { uniteAdditions } from './additions.ts';
import { type BitSet, numbersIn } from './bit-set.ts';
import { type EncodedSituation, intersectColumns } from './columns.ts';
import { combineVerdicts } from './combine-verdicts.ts';
import { noVerdict, type Table } from './table.ts';

/** The decision on a complete situation: every rule that applies, and everything it takes. */
export type EncodedDecision = {
  readonly verdict: Verdict;
  /** Numbers of the rules that apply, strictest verdict first. */
  readonly rules: readonly number[];
  /** Numbers of the conditions, next steps and duties that they add, each once, in order. */
  readonly additions: readonly number[];
};

/**
 * Decides a complete situation: the rules that every column leaves, and what they add. A fraction of a microsecond.
 * Nothing is looked up and nothing asked; `evaluate` prepares situations from what people state.
 */
export function decide(table: Table, situation: EncodedSituation): EncodedDecision {
  const { words, additionWords, permissions, conditional, severities } = table;
  if (applying.length < words) applying = new Int32Array(words);
  if (added.length < additionWords) added = new Int32Array(additionWords);
  intersectColumns(table.columns, situation, applying);
  let permitting = 0;
  let demanding = 0;
  for (let word = 0; word < words; word++) {
    const bits = applying[word] as number;
    permitting |= bits & (permissions[word] as number);
    demanding |= bits & (conditional[word] as number);
  }
  const rules = numbersIn(applying, words);
  uniteAdditions(table, rules, added);
  // Rules stand strictest first.
  const strictest = rules.length === 0 ? noVerdict : (severities[rules[0] as number] as number);
  const verdict = combineVerdicts({
    strictest,
    isPermitted: permitting !== 0,
    hasConditions: demanding !== 0,
  });
  return { verdict, rules, additions: numbersIn(added, additionWords) };
}

// Deciding is synchronous, so the same two sets serve every call and nothing is allocated for them.
let applying: BitSet = new Int32Array(8);
let added: BitSet = new Int32Array(8);
