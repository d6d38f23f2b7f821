import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { daysAfter } from './day.ts';
import { isWorkingDay, workingDaysAfter } from './working-days.ts';

const holidays = {
  days: new Set(['2026-12-25', '2026-12-28', '2027-01-01']),
  knownUntil: '2027-12-31',
};

describe('working days', () => {
  const cases: readonly (readonly [day: string, isOne: boolean])[] = [
    ['2026-12-24', true],
    ['2026-12-25', false],
    ['2026-12-26', false],
    ['2026-12-27', false],
    ['2026-12-28', false],
    ['2026-12-29', true],
    ['2023-12-30', false],
    ['2024-01-07', false],
    ['1999-12-31', true],
  ];
  for (const [day, isOne] of cases)
    it(`${day} is ${isOne ? 'one' : 'none'}`, () => assert.equal(isWorkingDay(day, holidays), isOne));

  const later: readonly (readonly [day: string, count: number, expected: string])[] = [
    ['2026-12-24', 1, '2026-12-29'],
    ['2026-12-24', 2, '2026-12-30'],
    ['2026-12-23', 5, '2027-01-04'],
    ['2026-11-21', 1, '2026-11-23'],
    ['2026-11-22', 2, '2026-11-24'],
    ['2026-11-23', 0, '2026-11-23'],
    ['2026-11-23', -3, '2026-11-23'],
    ['9999-12-30', 9, '9999-12-31'],
  ];
  for (const [day, count, expected] of later)
    it(`${count} after ${day} is ${expected}`, () =>
      assert.equal(workingDaysAfter(day, count, holidays), expected));

  it('come five in a row, then two that are none, for ever', () => {
    fc.assert(
      fc.property(fc.integer({ min: -20_000, max: 20_000 }), (weeks) => {
        const none = { days: new Set<string>(), knownUntil: '2027-12-31' };
        const monday = daysAfter('2026-11-23', weeks * 7);
        const week = [0, 1, 2, 3, 4, 5, 6].map((days) => isWorkingDay(daysAfter(monday, days), none));
        assert.deepEqual(week, [true, true, true, true, true, false, false]);
      }),
    );
  });
});
