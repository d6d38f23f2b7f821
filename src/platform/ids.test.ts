import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { newReference } from './ids.ts';

describe('newReference', () => {
  const many = Array.from({ length: 2000 }, newReference);

  it('has two groups of four characters, none of which looks like another', () => {
    for (const reference of many)
      assert.match(reference, /^[34679ACDEFGHJKMNPQRTWXY]{4}-[34679ACDEFGHJKMNPQRTWXY]{4}$/);
  });

  it('does not repeat itself', () => assert.equal(new Set(many).size, many.length));
});
