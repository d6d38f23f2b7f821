import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { readReference, referenceCharacters, referenceOf } from './reference.ts';

const numbers = fc.array(fc.integer({ min: 0, max: 22 }), { minLength: 8, maxLength: 8 });

describe('a reference', () => {
  it('is read as it was written, in any case and with any spaces and dashes', () => {
    fc.assert(
      fc.property(numbers, (list) => {
        const reference = referenceOf(list);
        for (const typed of [
          reference,
          reference.toLowerCase(),
          reference.replaceAll('-', ' '),
          ` ${reference.replaceAll('-', '')} `,
        ])
          assert.deepEqual(readReference(typed), { ok: true, reference });
      }),
    );
  });

  it('is refused with any one character wrong, or two neighbours in each other’s place', () => {
    fc.assert(
      fc.property(numbers, fc.nat(8), fc.nat(22), (list, place, other) => {
        const letters = [...referenceOf(list).replaceAll('-', '')];
        const wrong = [...letters];
        wrong[place] = referenceCharacters[other] ?? '';
        assert.equal(readReference(wrong.join('')).ok, wrong[place] === letters[place]);
        if (place === 8) return;
        const swapped = [...letters];
        [swapped[place], swapped[place + 1]] = [letters[place + 1] ?? '', letters[place] ?? ''];
        assert.equal(readReference(swapped.join('')).ok, letters[place] === letters[place + 1]);
      }),
      { numRuns: 2000 },
    );
  });

  for (const [typed, problem] of [
    ['', /Enter a reference/],
    ['K7PM-3QX4', /9 characters/],
    ['K7PM-3QX0-T', /has no 0/],
    ['😀', /has no/],
  ] as const)
    it(`says what is wrong with \`${typed}\``, () => {
      const read = readReference(typed);
      assert.match(read.ok ? '' : read.problem, problem);
    });
});
