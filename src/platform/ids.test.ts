import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { isPastId, newId, newReference } from './ids.ts';

describe('newReference', () => {
  const many = Array.from({ length: 2000 }, newReference);

  it('has two groups of four characters, none of which looks like another', () => {
    for (const reference of many)
      assert.match(reference, /^[34679ACDEFGHJKMNPQRTWXY]{4}-[34679ACDEFGHJKMNPQRTWXY]{4}$/);
  });

  it('does not repeat itself', () => assert.equal(new Set(many).size, many.length));
});

describe('newId', () => {
  it('sorts by when it was made, also within a millisecond', () => {
    const made = Array.from({ length: 20_000 }, newId);
    assert.deepEqual(made.toSorted(), made);
    assert.equal(new Set(made).size, made.length);
  });

  it('sorts so where the clock is set back', (context) => {
    context.mock.timers.enable({ apis: ['Date'], now: Date.now() + 60_000 });
    const later = newId();
    context.mock.timers.setTime(Date.now() - 3_600_000);
    assert.ok(newId() > later);
  });
});

it('an id of a time to come, or of another form, is none of ours', () => {
  assert.ok(isPastId('01a22355-37b3-70d0-9689-2f092efe68ed'));
  for (const other of [
    '',
    'x',
    'ffffffff-ffff-7fff-bfff-ffffffffffff',
    '01a22355-37b3-40d0-9689-2f092efe68ed',
    '01A22355-37b3-70d0-9689-2f092efe68ed',
  ])
    assert.equal(isPastId(other), false, other);
});
