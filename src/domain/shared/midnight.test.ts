import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { fixedClock } from '#platform/clock.ts';
import { midnightInLondon } from './midnight.ts';

describe('midnight in London', () => {
  for (const [day, instant] of [
    ['2026-11-29', '2026-11-29T00:00:00.000Z'],
    ['2026-06-01', '2026-05-31T23:00:00.000Z'],
    // The day on which summer time begins still begins in winter, and the other way round.
    ['2027-03-28', '2027-03-28T00:00:00.000Z'],
    ['2027-03-29', '2027-03-28T23:00:00.000Z'],
    ['2027-10-31', '2027-10-30T23:00:00.000Z'],
    ['2027-11-01', '2027-11-01T00:00:00.000Z'],
  ] as const) {
    it(`of ${day} is ${instant}, the first millisecond of that day`, () => {
      assert.equal(midnightInLondon(day), instant);
      assert.equal(fixedClock(instant).today(), day);
      assert.notEqual(fixedClock(new Date(Date.parse(instant) - 1).toISOString()).today(), day);
    });
  }
});
