import type { BitSet } from './bit-set.ts';

/** A complete situation: for each fact, in the order of `table.facts`, the place of its value in the fact's values. */
export type EncodedSituation = ArrayLike<number>;

/** The part of a table that columns are made of. */
type Rows = {
  /** For each fact how many values it has, with `n/a`. */
  readonly sizes: readonly number[];
  /** For each fact where its rows start in `masks`; -1 where no rule tests it. */
  readonly rows: readonly number[];
  readonly masks: Int32Array;
  readonly words: number;
  readonly ruleCount: number;
  /** For each fact the rules that test it. */
  readonly rulesOf: readonly (readonly number[])[];
};

/**
 * The table once more, arranged for deciding complete situations. The rules stand 32 to a word, and each word has columns for
 * only the facts that its rules test. Most facts have few values and matter to few rules, so four of them share a column, with
 * a row for each combination of their values; larger facts go in pairs. A decision then reads a third of what it would read
 * fact by fact.
 */
export type Columns = {
  /** Fives: where the column starts in `masks`, and its four facts. */
  readonly fours: Int32Array;
  /** Threes: where the column starts in `masks`, and its two facts. */
  readonly pairs: Int32Array;
  /** For each word where its columns end in `fours` and in `pairs`. */
  readonly fourEnds: Int32Array;
  readonly pairEnds: Int32Array;
  /** Bits of the row number that a value in a pair takes. */
  readonly pairBits: number;
  readonly masks: Int32Array;
  /** For each word the bits of all its rules. */
  readonly allRules: Int32Array;
};

// Bits of the row number that a value in a column of four takes.
const fourBits = 2;

/** Arranges the rows of a table in columns. */
export function buildColumns(table: Rows): Columns {
  const pairBits = bitsFor(Math.max(...table.sizes));
  const masks: number[] = [];
  const fours: number[] = [];
  const pairs: number[] = [];
  const fourEnds: number[] = [];
  const pairEnds: number[] = [];
  for (let word = 0; word < table.words; word++) {
    const facts = factsOfWord(table, word);
    const isSmall = (fact: number): boolean => (table.sizes[fact] ?? 0) <= 1 << fourBits;
    for (const four of inGroups(facts.filter(isSmall), 4)) {
      fours.push(masks.length, ...four);
      pushColumn(masks, table, word, four, fourBits);
    }
    for (const pair of inGroups(
      facts.filter((fact) => !isSmall(fact)),
      2,
    )) {
      pairs.push(masks.length, ...pair);
      pushColumn(masks, table, word, pair, pairBits);
    }
    fourEnds.push(fours.length);
    pairEnds.push(pairs.length);
  }
  return {
    fours: Int32Array.from(fours),
    pairs: Int32Array.from(pairs),
    fourEnds: Int32Array.from(fourEnds),
    pairEnds: Int32Array.from(pairEnds),
    pairBits,
    masks: Int32Array.from(masks),
    allRules: Int32Array.from({ length: table.words }, (_, word) => firstBits(table.ruleCount - word * 32)),
  };
}

/** Puts the set of the rules that apply to a complete situation into the first words of `into`. */
export function intersectColumns(columns: Columns, situation: EncodedSituation, into: BitSet): void {
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

function factsOfWord({ rulesOf }: Rows, word: number): number[] {
  return [...rulesOf.keys()].filter((fact) => rulesOf[fact]?.some((rule) => rule >> 5 === word));
}

// The last group may be short of facts: its last one stands in, which changes nothing.
function inGroups(facts: readonly number[], size: number): number[][] {
  const last = facts.length - 1;
  return Array.from({ length: Math.ceil(facts.length / size) }, (_, group) =>
    Array.from({ length: size }, (_, at) => facts[Math.min(group * size + at, last)] ?? 0),
  );
}

function pushColumn(
  masks: number[],
  table: Rows,
  word: number,
  facts: readonly number[],
  bits: number,
): void {
  const valueIn = (row: number, at: number): number => (row >> (at * bits)) & ((1 << bits) - 1);
  for (let row = 0; row < 1 << (bits * facts.length); row++) {
    masks.push(facts.reduce((mask, fact, at) => mask & maskOf(table, word, fact, valueIn(row, at)), -1));
  }
}

function maskOf({ rows, masks, words, sizes }: Rows, word: number, fact: number, value: number): number {
  return value < (sizes[fact] ?? 0) ? (masks[(rows[fact] ?? 0) + value * words + word] ?? 0) : 0;
}

function bitsFor(size: number): number {
  return 32 - Math.clz32(Math.max(1, size - 1));
}

function firstBits(count: number): number {
  return count >= 32 ? -1 : (1 << Math.max(0, count)) - 1;
}
