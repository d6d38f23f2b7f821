import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';

import { readCommit } from './version.ts';

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'clear-to-use-version-'));
after(() => fs.rmSync(folder, { recursive: true }));

const commit = '0123456789abcdef0123456789abcdef01234567';
const cases: readonly (readonly [what: string, text: string | null, commit: string | undefined])[] = [
  ['the commit', `${commit}\n`, commit],
  ['a short commit', '0123456', '0123456'],
  ['something else', 'main\n', undefined],
  ['nothing', '', undefined],
  ['no file', null, undefined],
];
for (const [what, text, expected] of cases) {
  test(`the commit is ${expected === undefined ? 'not known' : 'known'} where there is ${what}`, () => {
    const file = path.join(folder, what);
    if (text !== null) fs.writeFileSync(file, text);
    assert.equal(readCommit(file), expected);
  });
}
