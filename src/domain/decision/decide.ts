import type { Verdict } from '../shared/verdict.ts';
import { type BitSet, numbersIn } from './bit-set.ts';
import { type Columns, fourBits } from './columns.ts';
import { combineVerdicts } from './combine-verdicts.ts';
import { noVerdict, type Table } from './table.ts';

/** One number per fact, in the order of `table.facts`: the place of its value in the fact's values. */
export type EncodedSituation = ArrayLike<number>;

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

function intersectColumns(columns: Columns, situation: EncodedSituation, into: BitSet): void {
  const { fours, pairs, fourEnds, pairEnds, pairBits, masks, allRules } = columns;
  const words = allRules.length;
  let at = 0;
  let pairAt = 0;
  for (let word = 0; word < words; word++) {
    let bits = allRules[word] as number;
    for (const end = pairEnds[word] as number; pairAt < end; pairAt += 3) {
      const row =
        (situation[pairs[pairAt + 1] as number] as number) |
        ((situation[pairs[pairAt + 2] as number] as number) << pairBits);
      bits &= masks[(pairs[pairAt] as number) + row] as number;
    }
    for (const end = fourEnds[word] as number; at < end; at += 5) {
      const row =
        (situation[fours[at + 1] as number] as number) |
        ((situation[fours[at + 2] as number] as number) << fourBits) |
        ((situation[fours[at + 3] as number] as number) << (2 * fourBits)) |
        ((situation[fours[at + 4] as number] as number) << (3 * fourBits));
      bits &= masks[(fours[at] as number) + row] as number;
    }
    into[word] = bits;
  }
}

function uniteAdditions(
  { additionSets, additionWords }: Table,
  rules: readonly number[],
  into: BitSet,
): void {
  for (let word = 0; word < additionWords; word++) {
    let bits = 0;
    for (let at = 0; at < rules.length; at++) {
      bits |= additionSets[(rules[at] as number) * additionWords + word] as number;
    }
    into[word] = bits;
  }
}

// Deciding is synchronous, so the same two sets serve every call and nothing is allocated for them.
let applying: BitSet = new Int32Array(8);
let added: BitSet = new Int32Array(8);
