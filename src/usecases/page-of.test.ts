import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { pageOf } from './page-of.ts';

const list = ['a', 'b', 'c', 'd', 'e'];

/** All pages of a list, each as one text. */
function pages(entries: readonly string[], limit: number): string[] {
  const found: string[] = [];
  let cursor: string | undefined;
  do {
    const paged = pageOf(entries, (id) => id, { limit, ...(cursor === undefined ? {} : { cursor }) });
    assert.ok(paged.ok);
    found.push(paged.page.entries.join(''));
    cursor = paged.page.nextCursor ?? undefined;
  } while (cursor !== undefined);
  return found;
}

describe('a page of a list', () => {
  it('is as long as its limit, but for the last', () => assert.deepEqual(pages(list, 2), ['ab', 'cd', 'e']));
  it('is the last one where the list ends with it', () => assert.deepEqual(pages(list, 5), ['abcde']));
  it('is there for an empty list too', () => assert.deepEqual(pages([], 5), ['']));

  it('goes on after the same entry when others have been added before it', () => {
    const first = pageOf(list, (id) => id, { limit: 2 });
    assert.ok(first.ok && first.page.nextCursor !== null);
    const second = pageOf(['x', ...list], (id) => id, { limit: 2, cursor: first.page.nextCursor });
    assert.deepEqual(second.ok && second.page.entries, ['c', 'd']);
  });

  for (const cursor of ['', 'a', 'YQ', '%', '\u0000', Buffer.from('after:z').toString('base64url')]) {
    it(`is refused for the cursor \`${cursor}\``, () => {
      const paged = pageOf(list, (id) => id, { limit: 2, cursor });
      assert.deepEqual(paged.ok ? [] : paged.problems.map(({ parameter }) => parameter), ['cursor']);
    });
  }
});
