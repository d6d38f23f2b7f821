import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, describe, it } from 'node:test';

import { loadGuidance } from '#store/guidance.ts';
import { collectedText } from '#test/support/collected-text.ts';
import { policyFolder, testNeeds } from '#test/support/guidance.ts';
import { proveGuidance } from '#usecases/prove-guidance.ts';
import { runPolicy } from './policy.ts';
import { proofAsText } from './policy-prove.ts';
import { progressBar } from './progress-bar.ts';

const sound = path.resolve(import.meta.dirname, '..', '..', 'test', 'broken-policy', 'sound');
const scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'policy-prove-'));
after(() => fs.rmSync(scratch, { recursive: true }));

async function run(args: readonly string[], policyDir = sound) {
  const [stdout, stderr] = [collectedText(), collectedText()];
  const code = await runPolicy(['prove', ...args], {
    io: { stdout: stdout.stream, stderr: stderr.stream },
    policyDir,
    load: loadGuidance,
    loadRevision: async () => ({ ok: false, problem: 'not here' }),
    writeSchemas: async () => {},
    today: () => '2026-11-22',
  });
  return { code, stdout: stdout.text(), stderr: stderr.text() };
}

/** A copy of the sound pack with a file of promises. */
function promising(name: string, promises: string): string {
  const folder = path.join(scratch, name);
  fs.cpSync(sound, folder, { recursive: true });
  const kept = 'owner: guidance-team\nlastConfirmed: 2026-11-01\nreviewBy: 2027-11-01\n';
  fs.writeFileSync(path.join(folder, 'promises.yaml'), `${kept}${promises}`);
  return folder;
}

describe('policy prove', () => {
  it('proves the pack that ships, and ends with 0', async () => {
    const { code, stdout, stderr } = await run([], policyFolder);
    assert.equal(stderr, '');
    assert.match(stdout, /^from 2026-11-22: [\d,]+ situations\n/);
    assert.match(stdout, /\npromises: \d+ proved, 0 broken\n/);
    assert.match(stdout, /\ngaps: \d+, all acknowledged\n/);
    assert.match(stdout, /\nsound\n$/);
    assert.equal(code, 0);
  });

  it('shows what was acknowledged with --all', async () => {
    const { stdout } = await run(['--all'], policyFolder);
    assert.match(stdout, /\n {4}acknowledged: A3\n {4}for example \/answer\?/);
    assert.match(stdout, /\n {2}proved: own-account-never: .* situations\)\n/);
    assert.match(stdout, /\nverdicts by kind of tool\n {2}toolKind standard: allowed, /);
  });

  it('ends with 1 for a broken promise, with a situation that shows it', async () => {
    const folder = promising(
      'broken',
      'promises:\n  - { id: kettle, text: Kettle Chat is never allowed., when: { tool: kettle-chat }, always: [not-allowed] }\ngaps: []\n',
    );
    const { code, stdout } = await run([], folder);
    assert.equal(code, 1);
    assert.match(
      stdout,
      /\npromises: 0 proved, 1 broken\n {2}broken: kettle: Kettle Chat is never allowed\.\n/,
    );
    assert.match(stdout, /\n {4}allowed-with-conditions for \/answer\?\S*tool=kettle-chat\n/);
  });

  it('ends with 1 for a gap that nobody acknowledged, and for an overlap', async () => {
    const { code, stdout } = await run([]);
    assert.equal(code, 1);
    assert.match(stdout, /\ngaps: 1 to look at\n {2}no rule permits: .* \(\d+ situations\)\n/);
    assert.match(stdout, /`local-rules` forbids what `kettle-chat` permits/);
    assert.match(stdout, /\nnot sound\n$/);
  });

  it('proves every period in which other rules are in force, and gives addresses for today only', async () => {
    const { stdout } = await run(['--json']);
    const { sound: isSound, periods } = JSON.parse(stdout);
    assert.equal(isSound, false);
    assert.deepEqual(
      periods.map(({ from, until }: Record<string, unknown>) => [from, until]),
      [
        ['2026-11-22', '2031-01-01'],
        ['2031-01-01', null],
      ],
    );
    const gapOf = (period: { findings: { kind: string; address: string | null; situation: object }[] }) =>
      period.findings.find(({ kind }) => kind === 'gap');
    assert.match(gapOf(periods[0])?.address ?? '', /^\/answer\?/);
    assert.equal(gapOf(periods[1])?.address, null);
    assert.ok(gapOf(periods[1])?.situation);
    for (const { situations, byVerdict } of periods)
      assert.equal(
        BigInt(situations),
        Object.values(byVerdict as Record<string, string>).reduce((sum, count) => sum + BigInt(count), 0n),
      );
  });

  it('starts on the day that is asked for', async () => {
    const { stdout } = await run(['--on', '2031-02-01']);
    assert.match(stdout, /^from 2031-02-01: /);
    const { code, stderr } = await run(['--on', 'tomorrow']);
    assert.equal(code, 2);
    assert.equal(stderr, '`--on` must be a day that exists, written YYYY-MM-DD, and not `tomorrow`\n');
  });

  it('proves nothing of a pack with mistakes, and says which come first', async () => {
    const folder = promising('mistaken', 'promises: []\n');
    const { code, stdout, stderr } = await run([], folder);
    assert.deepEqual([code, stdout], [1, '']);
    assert.match(stderr, /^nothing can be proved: the pack has mistakes that come first\npromises\.yaml:1: /);
  });

  it('names the rules that are too tangled to prove', async () => {
    const policy = (await testNeeds()).policy();
    const text = proofAsText(proveGuidance(policy, '2026-11-22', { budget: 60_000 }), false);
    assert.match(
      text,
      /^from 2026-11-22: too tangled to prove\. The diagrams need more than 60,000 nodes\.\n/,
    );
    assert.match(text, /\nThese rules made them grow most\. Deciding goes on as before\.\n {2}[a-z-]+\n/);
    assert.match(text, /\nnot sound\n$/);
  });
});

describe('the progress bar', () => {
  it('shows at a terminal, and only for what takes longer than a second', () => {
    for (const [isTTY, shows] of [
      [true, true],
      [false, false],
    ] as const) {
      const { stream, text } = collectedText();
      let nowMs = 0;
      const bar = progressBar(Object.assign(stream, { isTTY }), () => nowMs);
      bar.tell('promises', 0.25);
      assert.equal(text(), '');
      nowMs = 1500;
      bar.tell('promises', 0.5);
      bar.clear();
      assert.equal(text().includes('[###############               ]  50 % promises'), shows);
      assert.equal(text() === '', !shows);
    }
  });
});
