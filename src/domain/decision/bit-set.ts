/** A set of small whole numbers as bits in words of 32. A set can be part of a longer array, from `start` on. */
export type BitSet = Int32Array;

/** Adds a number to the set that starts at `start`. */
export function setBit(bits: BitSet, start: number, number: number): void {
  const at = start + (number >> 5);
  bits[at] = (bits[at] ?? 0) | (1 << (number & 31));
}

export function hasBit(bits: BitSet, number: number): boolean {
  return ((bits[number >> 5] ?? 0) & (1 << (number & 31))) !== 0;
}

/** The numbers in the first `words` words, in order. */
export function numbersIn(bits: BitSet, words: number): number[] {
  let count = 0;
  for (let word = 0; word < words; word++) count += countBits(bits[word] as number);
  // A list of the right length from the start: one that grows is moved several times.
  const numbers = new Array<number>(count);
  let next = 0;
  for (let word = 0; word < words; word++) {
    let rest = bits[word] as number;
    while (rest !== 0) {
      const lowest = rest & -rest;
      numbers[next++] = word * 32 + 31 - Math.clz32(lowest);
      rest ^= lowest;
    }
  }
  return numbers;
}

/** How many bits of a word are set: added up in pairs, fours and eights, all of them at once. */
export function countBits(word: number): number {
  const pairs = word - ((word >>> 1) & 0x55555555);
  const fours = (pairs & 0x33333333) + ((pairs >>> 2) & 0x33333333);
  return Math.imul((fours + (fours >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}
