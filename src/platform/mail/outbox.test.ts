import assert from 'node:assert/strict';
import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { after, describe, it } from 'node:test';
import { someLetter, someSender } from '#test/support/letters.ts';
import { clearOutbox, outboxWay } from './outbox.ts';

const folders: string[] = [];
after(async () => {
  for (const folder of folders) await fs.rm(folder, { recursive: true, force: true });
});

async function newFolder(): Promise<string> {
  const folder = await fs.mkdtemp(path.join(os.tmpdir(), 'ctu-outbox-'));
  folders.push(folder);
  return path.join(folder, 'outbox');
}

describe('a letter in the outbox', () => {
  it('is one file under its id that nobody else may read, the same however often it is written', async () => {
    const folder = await newFolder();
    const way = outboxWay(folder, someSender);
    const name = `${someLetter.id}.eml`;
    assert.deepEqual(await way.send(someLetter, false), { outcome: 'sent', as: name });
    const file = path.join(folder, name);
    const first = await fs.readFile(file, 'utf8');
    await Promise.all([way.send(someLetter, true), way.send(someLetter, true)]);
    assert.deepEqual(await fs.readdir(folder), [name]);
    assert.equal(await fs.readFile(file, 'utf8'), first);
    assert.equal((await fs.stat(file)).mode & 0o777, 0o600);
    assert.equal((await fs.stat(folder)).mode & 0o777, 0o700);
    assert.match(first, /^Content-Type: multipart\/alternative;/m);
    assert.doesNotMatch(first, /[^\r]\n/, 'lines end as RFC 5322 wants them');
  });

  it('waits where the disk does not take it', async () => {
    const folder = await newFolder();
    await fs.mkdir(path.dirname(folder), { recursive: true });
    await fs.writeFile(folder, 'a file where the folder belongs');
    const result = await outboxWay(folder, someSender).send(someLetter, false);
    assert.deepEqual(result, {
      outcome: 'later',
      problem: 'the outbox in DATA_DIR cannot be written to (EEXIST)',
    });
  });

  it('goes when its notice is gone, and what is being written or is not a letter stays', async () => {
    const folder = await newFolder();
    await outboxWay(folder, someSender).send(someLetter, false);
    for (const name of ['.a.eml.1-2.part', 'notes.txt']) await fs.writeFile(path.join(folder, name), 'x');
    const nothing = async () => new Set<string>();
    assert.equal(await clearOutbox(folder, async (ids) => new Set(ids), new Date()), 0);
    assert.equal(await clearOutbox(folder, nothing, new Date()), 1);
    assert.deepEqual(await fs.readdir(folder), ['.a.eml.1-2.part', 'notes.txt']);
    await clearOutbox(folder, nothing, new Date(Date.now() + 2 * 86_400_000));
    assert.deepEqual(await fs.readdir(folder), ['notes.txt']);
    assert.equal(await clearOutbox(path.join(folder, 'none'), nothing, new Date()), 0);
  });
});
