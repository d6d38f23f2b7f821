import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';

import { hasBit, numbersIn, setBit } from './bit-set.ts';
import { buildColumns, intersectColumns } from './columns.ts';

describe('the columns of a table', () => {
  // For each rule the bits of the values that each fact may have; -1: any.
  const packs = fc
    .record({
      sizes: fc.array(fc.integer({ min: 1, max: 31 }), { minLength: 1, maxLength: 14 }),
      rules: fc.integer({ min: 0, max: 100 }),
    })
    .chain(({ sizes, rules }) =>
      fc.record({
        sizes: fc.constant(sizes),
        tests: fc.array(
          fc.tuple(...sizes.map(() => fc.oneof({ weight: 3, arbitrary: fc.constant(-1) }, fc.integer()))),
          { minLength: rules, maxLength: rules },
        ),
        situation: fc.tuple(...sizes.map((size) => fc.integer({ min: 0, max: size - 1 }))),
      }),
    );

  it('leave the rules that every fact admits, whatever the facts and rules are', () => {
    fc.assert(
      fc.property(packs, ({ sizes, tests, situation }) => {
        const words = Math.max(1, Math.ceil(tests.length / 32));
        const applying = new Int32Array(words);
        intersectColumns(buildColumns(rowsOf(sizes, tests, words)), situation, applying);
        const expected = tests.flatMap((test, rule) =>
          test.every((bits, fact) => (bits & (1 << (situation[fact] ?? 0))) !== 0) ? [rule] : [],
        );
        assert.deepEqual(numbersIn(applying, words), expected);
      }),
    );
  });
});

function rowsOf(sizes: readonly number[], tests: readonly (readonly number[])[], words: number) {
  const rulesOf = sizes.map((_, fact) => tests.flatMap((test, rule) => (test[fact] === -1 ? [] : [rule])));
  const masks: number[] = [];
  const rows = sizes.map((size, fact) => {
    if (rulesOf[fact]?.length === 0) return -1;
    const start = masks.length;
    for (let value = 0; value < size; value++) {
      const row = new Int32Array(words);
      for (const [rule, test] of tests.entries()) if ((test[fact] ?? 0) & (1 << value)) setBit(row, 0, rule);
      masks.push(...row);
    }
    return start;
  });
  return { sizes, rows, masks: Int32Array.from(masks), words, ruleCount: tests.length, rulesOf };
}

describe('a set of numbers as bits', () => {
  it('holds what was put into it, in order', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.integer({ min: 0, max: 95 })), (numbers) => {
        const bits = new Int32Array(5);
        for (const number of numbers) setBit(bits, 1, number);
        const set = bits.subarray(1, 4);
        assert.deepEqual(
          numbersIn(set, 3),
          numbers.toSorted((a, b) => a - b),
        );
        for (let number = 0; number < 96; number++)
          assert.equal(hasBit(set, number), numbers.includes(number));
        assert.deepEqual([bits[0], bits[4]], [0, 0]);
      }),
    );
  });
});
