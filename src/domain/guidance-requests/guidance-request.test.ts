import assert from 'node:assert/strict';
import { it } from 'node:test';
import { canTakeBack } from './guidance-request.ts';

it('a go-ahead is taken back by whoever gave it, to its last day', () => {
  const given = { state: 'go-ahead', managerId: 'lee', until: '2026-12-31' } as const;
  for (const [request, person, day, expected] of [
    [given, 'lee', '2026-12-31', true],
    [given, 'lee', '2027-01-01', false],
    [given, 'kim', '2026-12-01', false],
    [{ ...given, managerId: null }, 'lee', '2026-12-01', false],
    [{ ...given, state: 'refused' }, 'lee', '2026-12-01', false],
    [{ ...given, state: 'waiting', until: null }, 'lee', '2026-12-01', false],
  ] as const)
    assert.equal(canTakeBack(request, person, day), expected, JSON.stringify([request, person, day]));
});
