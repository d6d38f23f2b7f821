import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { describe, it } from 'node:test';
import { parse } from 'yaml';

import { runPolicy } from '#cli/policy.ts';
import { loadGuidance } from '#store/guidance.ts';
import { loadRevision } from '#store/policy-revision.ts';
import { writeSchemas } from '#store/policy-schemas.ts';
import { collectedText } from '#test/support/collected-text.ts';

// One mistake for a small sound pack, and exactly what `policy check` says of it. A change replaces a text that stands in
// a file once, or the whole file.
type Case = { readonly message: string; readonly change: readonly Change[] };
type Change =
  | { readonly file: string; readonly replace: string; readonly with: string }
  | { readonly file: string; readonly text: string };

const folder = path.join(import.meta.dirname, 'broken-policy');
const sound = path.join(folder, 'sound');
const cases = fs.readdirSync(folder).filter((name) => name.endsWith('.yaml'));

describe('policy check', () => {
  it('finds nothing in the sound pack', async () => {
    const { code, lines, summary } = await check(sound);
    assert.deepEqual(lines, []);
    assert.match(summary, /^4 statements, 4 rules, .*: no error, no warning$/);
    assert.equal(code, 0);
  });

  for (const name of cases) {
    it(`says what is wrong in ${name}`, async () => {
      const { message, change } = parse(fs.readFileSync(path.join(folder, name), 'utf8')) as Case;
      const broken = fs.mkdtempSync(path.join(os.tmpdir(), 'broken-policy-'));
      try {
        fs.cpSync(sound, broken, { recursive: true });
        for (const one of change) apply(broken, one);
        const { code, lines } = await check(broken);
        assert.deepEqual(lines, message.trimEnd().split('\n'));
        assert.equal(code, lines.some((line) => !line.includes(': warning: ')) ? 1 : 0);
      } finally {
        fs.rmSync(broken, { recursive: true });
      }
    });
  }
});

function apply(pack: string, change: Change): void {
  const where = path.join(pack, change.file);
  if ('text' in change) {
    fs.mkdirSync(path.dirname(where), { recursive: true });
    fs.writeFileSync(where, change.text);
    return;
  }
  const parts = fs.readFileSync(where, 'utf8').split(change.replace);
  assert.equal(parts.length, 2, `\`${change.replace}\` does not stand in ${change.file} exactly once`);
  fs.writeFileSync(where, parts.join(change.with));
}

async function check(pack: string): Promise<{ code: number; lines: string[]; summary: string }> {
  const stdout = collectedText();
  const stderr = collectedText();
  const code = await runPolicy(['check', pack], {
    io: { stdout: stdout.stream, stderr: stderr.stream },
    policyDir: pack,
    load: loadGuidance,
    loadRevision,
    writeSchemas,
    today: () => '2026-11-22',
  });
  assert.equal(stderr.text(), '');
  const lines = stdout.text().trimEnd().split('\n');
  return { code, lines: lines.slice(0, -1), summary: lines.at(-1) ?? '' };
}
