import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { giveUpAfterMs, waitMsAfter } from './retrying.ts';

const chance = fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true });

describe('waiting before a notice is tried again', () => {
  it('takes from a minute to six hours, whatever the number of attempts', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1_000_000 }), chance, (attempts, luck) => {
        const wait = waitMsAfter(attempts, luck);
        assert.ok(wait >= 60_000 && wait <= 6 * 3_600_000, `${wait}`);
      }),
    );
  });

  it('takes twice as long after each attempt', () => {
    const minutes = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10].map((attempts) => waitMsAfter(attempts, 0) / 60_000);
    assert.deepEqual(minutes, [1, 2, 4, 8, 16, 32, 64, 128, 240, 240]);
  });

  it('comes to between 14 and 20 attempts in the two days', () => {
    fc.assert(
      fc.property(fc.infiniteStream(chance), (lucks) => {
        let at = 0;
        let attempts = 0;
        for (const luck of lucks) {
          attempts++;
          at += waitMsAfter(attempts, luck);
          if (at >= giveUpAfterMs) break;
        }
        assert.ok(attempts >= 14 && attempts <= 20, `${attempts}`);
      }),
    );
  });
});
