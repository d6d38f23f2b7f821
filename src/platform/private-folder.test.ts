import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, describe, it } from 'node:test';
import { makePrivateFolder } from './private-folder.ts';

const scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'ctu-private-'));
after(() => fs.rmSync(scratch, { recursive: true }));

describe('a private folder', () => {
  it('is made with those above it, and nobody else may look into them', async () => {
    const folder = path.join(scratch, 'a', 'b', 'c');
    await makePrivateFolder(folder);
    for (const one of [folder, path.dirname(folder)]) assert.equal(fs.statSync(one).mode & 0o777, 0o700, one);
  });

  it('stays as it is where it is there already, also behind a link', async () => {
    const folder = path.join(scratch, 'there');
    fs.mkdirSync(folder, { mode: 0o755 });
    fs.symlinkSync(folder, path.join(scratch, 'link'));
    await makePrivateFolder(folder);
    await makePrivateFolder(path.join(scratch, 'link'));
    assert.equal(fs.statSync(folder).mode & 0o777, 0o755);
  });

  it('may be made by several at once', async () => {
    const folder = path.join(scratch, 'at', 'once');
    await Promise.all(Array.from({ length: 8 }, () => makePrivateFolder(folder)));
    assert.ok(fs.statSync(folder).isDirectory());
  });

  it('cannot be made where a file has its name, or that of one above it', async () => {
    const file = path.join(scratch, 'file');
    fs.writeFileSync(file, '');
    await assert.rejects(makePrivateFolder(file), { code: 'EEXIST' });
    await assert.rejects(makePrivateFolder(path.join(file, 'a', 'b')), { code: 'ENOTDIR' });
  });

  it('cannot be made where the system makes none, and says so instead of trying for ever', {
    skip: !fs.existsSync('/proc/self') && 'there is no /proc here',
    timeout: 10_000,
  }, async () => {
    await assert.rejects(makePrivateFolder('/proc/x'), { code: 'ENOENT' });
    await assert.rejects(makePrivateFolder('/proc/x/y/z'), { code: 'ENOENT' });
  });
});
