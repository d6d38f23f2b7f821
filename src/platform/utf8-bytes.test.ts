import assert from 'node:assert/strict';
import { it } from 'node:test';

import { utf8Bytes } from './utf8-bytes.ts';

it('a text has the bytes that Buffer.from gives, whatever is in it', () => {
  const texts = [
    '',
    'plain',
    'é ÿ',
    'It’s “one” – of … those',
    '漢字 🐢',
    'a\ud800b',
    '\udc00',
    'x’'.repeat(20_000),
  ];
  for (const text of texts) assert.deepEqual(utf8Bytes(text), Buffer.from(text));
});
