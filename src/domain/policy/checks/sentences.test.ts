import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { countWords, sentencesOf } from './sentences.ts';

describe('the sentences of a text', () => {
  const cases: readonly (readonly [text: string, sentences: readonly string[]])[] = [
    ['One. Two.', ['One.', 'Two.']],
    ['Is it? “Yes.” It is!', ['Is it?', '“Yes.”', 'It is!']],
    [
      'It is 2.5 miles, at trello.com or in Appear.in today.',
      ['It is 2.5 miles, at trello.com or in Appear.in today.'],
    ],
    ['A heading', ['A heading']],
    ['', []],
  ];
  for (const [text, sentences] of cases) {
    it(`of \`${text}\``, () => assert.deepEqual(sentencesOf(text), sentences));
  }

  it('counts what stands between spaces and has a letter or a digit', () => {
    assert.equal(countWords('You can {use}, if you – the asker – may (2018).'), 9);
    assert.equal(countWords(''), 0);
  });
});
