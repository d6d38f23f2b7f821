import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { testNeeds } from '#test/support/guidance.ts';

const root = path.resolve(import.meta.dirname, '..', '..');
const { pack } = (await testNeeds()).policy();

// Words that are names of the pack and of the code alike: the nouns every pack has, and what forms and addresses are made of.
const nounsOfEveryPack = new Set([
  'tool',
  'organisation',
  'review',
  'feedback',
  'other',
  'none',
  'unknown',
  'help',
  'about',
  'telephone',
]);

// The ways in on the first page are surface words that set a fact; they are left out where a pack has no such value.
const surfacesThatMayName = /^src\/web\/ask\/entry-view\.ts$/;

test('code names no fact but `tool`, no rule, no clause, no organisation and no tool of the pack', () => {
  const names = new Set(
    [
      ...pack.facts.keys(),
      ...pack.rules.map(({ id }) => id),
      ...pack.clauses.keys(),
      ...pack.organisations.keys(),
      ...pack.tools.keys(),
    ].filter((name) => !nounsOfEveryPack.has(name)),
  );
  const found: string[] = [];
  for (const name of fs.readdirSync(path.join(root, 'src'), { recursive: true, encoding: 'utf8' })) {
    const file = `src/${name.split(path.sep).join('/')}`;
    if (!/\.(ts|njk)$/.test(file) || /\.test\.ts$/.test(file) || surfacesThatMayName.test(file)) continue;
    const text = fs
      .readFileSync(path.join(root, file), 'utf8')
      .replaceAll(/\/\*[\s\S]*?\*\//g, '')
      .replaceAll(/^\s*\/\/.*$/gm, '');
    for (const [, quoted] of text.matchAll(/['"`]([A-Za-z0-9-]+)['"`]/g))
      if (quoted !== undefined && names.has(quoted)) found.push(`${file}: '${quoted}'`);
  }
  assert.deepEqual(found, []);
});
