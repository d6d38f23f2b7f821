import assert from 'node:assert/strict';
import { test } from 'node:test';
import { testDay, testNeeds } from '#test/support/guidance.ts';
import { mutatePolicy } from './mutation.ts';

const policy = (await testNeeds()).policy();

test('whichever rule is taken out or made milder, an example, a promise, a gap or a check fails', () => {
  const mutants = mutatePolicy(policy, testDay);
  assert.ok(mutants.length > policy.pack.rules.length);
  const missed = mutants.filter(({ caughtBy, isWithoutEffect }) => caughtBy === null && !isWithoutEffect);
  assert.deepEqual(
    missed.map(({ rule, harm }) => `${rule} ${harm}`),
    [],
  );
  // Taking out a rule always has an effect: on an answer, or on the reasons that it shows.
  const idle = mutants.filter(({ harm, isWithoutEffect }) => harm === 'taken out' && isWithoutEffect);
  assert.deepEqual(
    idle.map(({ rule }) => rule),
    [],
  );
});
