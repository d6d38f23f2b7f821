import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { wrap } from './wrap.ts';

describe('wrapped text', () => {
  const cases: readonly (readonly [text: string, lines: readonly string[]])[] = [
    ['', ['>']],
    ['one', ['> one']],
    ['one two three', ['> one two', '  three']],
    ['one  two\nsix', ['> one two', '  six']],
    ['abcdefghijklmn', ['> abcdefgh', '  ijklmn']],
    ['a bcdefghijk', ['> a', '  bcdefghi', '  jk']],
    ['😀😀😀😀😀😀😀😀 b', ['> 😀😀😀😀😀😀😀😀', '  b']],
  ];
  for (const [text, lines] of cases) {
    it(`of \`${text}\` fits the width`, () => assert.deepEqual(wrap(text, 10, '> ', '  '), lines));
  }
});
