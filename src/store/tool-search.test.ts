import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import type { Tool } from '#domain/policy/pack.ts';
import { buildToolSearch } from './tool-search.ts';

const toolOf = (id: string, name: string, aliases: readonly string[] = []): Tool =>
  ({ id, name, aliases, oldNames: [], domains: [`${id}.example`] }) as unknown as Tool;
const tools = [
  toolOf('google-meet', 'Google Meet', ['Hangouts Meet']),
  toolOf('google-docs', 'Google Docs'),
  toolOf('goodnotes', 'GoodNotes'),
  toolOf('go', 'Go'),
  toolOf('zoom', 'Zoom'),
  toolOf('my-go-kit', 'Kit'),
];
const find = (text: string): string[] =>
  buildToolSearch(tools)
    .find(text, 20)
    .map(({ id }) => id);

describe('finding tools while somebody types', () => {
  it('finds by the beginning of a word: the word itself first, then what begins so, short names first', () => {
    assert.deepEqual(find('go'), ['go', 'my-go-kit', 'goodnotes', 'google-docs', 'google-meet']);
    assert.deepEqual(find('goo'), ['goodnotes', 'google-docs', 'google-meet']);
    assert.deepEqual(find('k'), []);
  });

  it('finds what has all words, whichever of them is short', () => {
    assert.deepEqual(find('google me'), ['google-meet']);
    assert.deepEqual(find('me google'), ['google-meet']);
    assert.deepEqual(find('go ki'), ['my-go-kit']);
  });

  it('finds with a mistake, and where no tool has all words, what has any', () => {
    assert.deepEqual(find('gogle meet'), ['google-meet']);
    assert.equal(find('gogle dx')[0], 'google-docs');
    assert.deepEqual(find('zoom xq'), ['zoom']);
    assert.deepEqual(find('xq zo'), ['zoom']);
    assert.deepEqual(find('xq'), []);
  });

  it('looks only at the name of the website in an address', () => {
    assert.deepEqual(find('https://www.zoom.us/j/123?go=1'), ['zoom']);
  });

  it('finds by few letters exactly the tools that have a word which begins so', () => {
    const word = fc.string({ unit: fc.constantFrom('a', 'b', 'é', '漢'), minLength: 1, maxLength: 5 });
    const names = fc.uniqueArray(
      fc.array(word, { minLength: 1, maxLength: 3 }).map((words) => words.join(' ')),
      {
        minLength: 1,
        maxLength: 12,
      },
    );
    fc.assert(
      fc.property(
        names,
        fc.string({ unit: fc.constantFrom('a', 'b', 'é', '漢'), minLength: 2, maxLength: 3 }),
        (all, text) => {
          const some = all.map((name, number) => toolOf(`t${number}`, name));
          const found = buildToolSearch(some).find(text, 100);
          const expected = some.filter(({ name }) => name.split(' ').some((one) => one.startsWith(text)));
          assert.deepEqual(found.map(({ id }) => id).sort(), expected.map(({ id }) => id).sort());
        },
      ),
    );
  });
});
