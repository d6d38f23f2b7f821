import assert from 'node:assert/strict';
import { PassThrough } from 'node:stream';
import { test } from 'node:test';
import { openOutput } from './terminal.ts';

const sentence = 'Every use of an internet tool carries duties about keeping information safe and findable.';

for (const [what, columns, widest] of [
  ['a terminal that says how wide it is', 40, 40],
  ['a wide terminal', 200, 80],
  ['a terminal that does not know how wide it is', 0, 80],
  ['a pipe', undefined, 80],
] as const) {
  test(`lines of ${what} have at most ${widest} characters, and use them`, () => {
    const stream = Object.assign(new PassThrough(), { columns }) as unknown as NodeJS.WriteStream;
    openOutput(stream).text(sentence);
    const lines = String(stream.read()).trimEnd().split('\n');
    const longest = Math.max(...lines.map((line) => line.length));
    assert.ok(longest <= widest && longest > widest - 20, `${longest}`);
  });
}
