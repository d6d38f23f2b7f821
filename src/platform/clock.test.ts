import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { fixedClock, systemClock } from './clock.ts';

describe('the clock', () => {
  const cases: readonly (readonly [instant: string, day: string, why: string])[] = [
    ['2026-01-15T23:59:59Z', '2026-01-15', 'in winter London is on UTC'],
    ['2026-01-16T00:00:00Z', '2026-01-16', 'in winter the day begins at midnight UTC'],
    ['2026-03-28T23:30:00Z', '2026-03-28', 'the evening before the clocks go forward'],
    ['2026-03-29T23:30:00Z', '2026-03-30', 'the evening after it, when London is an hour ahead'],
    ['2026-07-01T22:59:59Z', '2026-07-01', 'in summer the day ends at 23:00 UTC'],
    ['2026-07-01T23:00:00Z', '2026-07-02', 'in summer the day begins at 23:00 UTC'],
    ['2026-10-24T23:30:00Z', '2026-10-25', 'the last summer evening'],
    ['2026-10-25T23:30:00Z', '2026-10-25', 'the first evening after the clocks have gone back'],
    ['2027-01-01T00:00:00Z', '2027-01-01', 'the new year'],
  ];
  for (const [instant, day, why] of cases) {
    it(`says ${day} at ${instant}: ${why}`, () => assert.equal(fixedClock(instant).today(), day));
  }

  it('stands still when it is fixed, even if somebody changes the date it gave', () => {
    const clock = fixedClock('2026-05-01T10:00:00Z');
    clock.now().setFullYear(1999);
    assert.equal(clock.now().toISOString(), '2026-05-01T10:00:00.000Z');
  });

  it('refuses to stand at what is not an instant', () => {
    assert.throws(() => fixedClock('tomorrow'), /not an instant: `tomorrow`/);
  });

  it('gives the day of the machine in the form of a day', () => {
    assert.match(systemClock().today(), /^\d{4}-\d{2}-\d{2}$/);
  });
});
