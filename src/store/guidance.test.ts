import assert from 'node:assert/strict';
import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { policyFolder } from '#test/support/guidance.ts';
import { loadGuidance } from './guidance.ts';

let folder = '';
before(async () => {
  folder = await fs.mkdtemp(path.join(os.tmpdir(), 'clear-to-use-pack-'));
});
after(() => fs.rm(folder, { recursive: true }));

// A copy of the pack that ships with one file changed.
async function loadWith(name: string, change: (text: string) => string) {
  const copy = path.join(folder, `${Math.random()}`);
  await fs.cp(policyFolder, copy, { recursive: true });
  const file = path.join(copy, name);
  await fs.writeFile(file, change(await fs.readFile(file, 'utf8')));
  return loadGuidance(copy);
}

test('the pack that ships answers', async () => {
  assert.notEqual((await loadGuidance(policyFolder)).ready, null);
});

test('a pack with a file that is not YAML answers nothing, for the file may hold a prohibition', async () => {
  const { ready, problems } = await loadWith('rules/accounts.yaml', (text) => `${text}\n  - [`);
  assert.equal(ready, null);
  assert.equal(problems[0]?.file, 'rules/accounts.yaml');
});

test('a pack in which two rules share an id answers nothing', async () => {
  const { ready } = await loadWith('rules/accounts.yaml', (text) =>
    text.replace('id: shared-work-account', 'id: recipient-own-account'),
  );
  assert.equal(ready, null);
});

test('a pack with an unknown name in a rule still answers, more carefully', async () => {
  const { ready, problems } = await loadWith('rules/accounts.yaml', (text) =>
    text.replace('{ account: personal, purpose: business }', '{ acount: personal, purpose: business }'),
  );
  assert.notEqual(ready, null);
  assert.equal(problems[0]?.message, 'unknown fact `acount`');
});

test('a change of comments or layout leaves the hash, a change of content does not', async () => {
  const { hash } = await loadGuidance(policyFolder);
  assert.equal((await loadWith('rules/accounts.yaml', (text) => `# a note\n${text}\n\n`)).hash, hash);
  assert.notEqual(
    (await loadWith('rules/accounts.yaml', (text) => text.replace('for work', 'for our work'))).hash,
    hash,
  );
});
