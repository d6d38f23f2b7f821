import type { BitSet } from './bit-set.ts';
import type { Table } from './table.ts';

/** Puts the set of all conditions, next steps and duties that `rules` add into the first words of `into`. */
export function uniteAdditions(
  { additionSets, additionWords }: Table,
  rules: readonly number[],
  into: BitSet,
): void {
  for (let word = 0; word < additionWords; word++)
    into[word] = wordOf(additionSets, additionWords, rules, word);
}

/** Whether two lists of rules add the same things. */
export function addTheSame(
  { additionSets, additionWords }: Table,
  some: readonly number[],
  others: readonly number[],
): boolean {
  for (let word = 0; word < additionWords; word++) {
    if (
      wordOf(additionSets, additionWords, some, word) !== wordOf(additionSets, additionWords, others, word)
    ) {
      return false;
    }
  }
  return true;
}

function wordOf(sets: BitSet, words: number, rules: readonly number[], word: number): number {
  let bits = 0;
  for (let at = 0; at < rules.length; at++) bits |= sets[(rules[at] as number) * words + word] as number;
  return bits;
}
