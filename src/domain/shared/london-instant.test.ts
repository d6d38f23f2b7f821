import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { instantInLondon } from './london-instant.ts';

describe('8 in the morning in London', () => {
  const cases: readonly (readonly [day: string, instant: string])[] = [
    ['2026-11-22', '2026-11-22T08:00:00.000Z'],
    ['2026-07-01', '2026-07-01T07:00:00.000Z'],
    ['2026-03-28', '2026-03-28T08:00:00.000Z'],
    ['2026-03-29', '2026-03-29T07:00:00.000Z'],
    ['2026-10-24', '2026-10-24T07:00:00.000Z'],
    ['2026-10-25', '2026-10-25T08:00:00.000Z'],
  ];
  for (const [day, instant] of cases)
    it(`is ${instant} on ${day}`, () => assert.equal(instantInLondon(day, 8), instant));
});
