import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, describe, it } from 'node:test';

import { loadGuidance } from '#store/guidance.ts';
import { loadRevision } from '#store/policy-revision.ts';
import { writeSchemas } from '#store/policy-schemas.ts';
import { collectedText } from '#test/support/collected-text.ts';
import { runPolicy } from './policy.ts';
import { policyDiffUsage } from './policy-diff.ts';
import { share } from './policy-diff-output.ts';

const sound = path.resolve(import.meta.dirname, '..', '..', 'test', 'broken-policy', 'sound');
const scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'policy-diff-'));
after(() => fs.rmSync(scratch, { recursive: true }));

async function run(args: readonly string[], policyDir = sound) {
  const [stdout, stderr] = [collectedText(), collectedText()];
  const io = { stdout: stdout.stream, stderr: stderr.stream };
  const today = () => '2026-11-22';
  const code = await runPolicy(['diff', ...args], {
    io,
    policyDir,
    load: loadGuidance,
    loadRevision,
    writeSchemas,
    today,
  });
  return { code, stdout: stdout.text(), stderr: stderr.text() };
}

/** A copy of the sound pack in which a text of its rules is replaced. */
function edited(name: string, text: string, other: string): string {
  const folder = path.join(scratch, name);
  fs.cpSync(sound, folder, { recursive: true });
  replaceRule(folder, text, other);
  return folder;
}

function replaceRule(folder: string, text: string, other: string): void {
  const where = path.join(folder, 'rules', 'tools.yaml');
  fs.writeFileSync(where, fs.readFileSync(where, 'utf8').replace(text, other));
}

const milder = edited(
  'milder',
  'verdict: not-allowed\n    because: Your own',
  'verdict: get-guidance\n    because: Your own',
);
const name = 'not-allowed-to-get-guidance:own-account';

describe('policy diff', () => {
  it('says what gets milder, how much of it, because of what and for whom, and ends with 1', async () => {
    const { code, stdout, stderr } = await run([sound, milder]);
    assert.equal(stderr, '');
    assert.equal(code, 1);
    const [, loosenings = ''] = stdout.split('\nLoosenings\n');
    assert.match(
      loosenings,
      /^ {2}not-allowed becomes get-guidance \(not acknowledged\)\n {4}not-allowed-to-get-guidance:own-account\n/,
    );
    assert.match(loosenings, /\n {4}From 22 November 2026 until before 1 January 2031: [\d,]+ situations \(/);
    assert.match(loosenings, /because of the rule own-account \(verdict: not-allowed, now get-guidance\)/);
    assert.match(loosenings, /“my own account”: tool kettle-chat/);
    assert.match(loosenings, /not-allowed before, get-guidance after/);
    assert.ok(stdout.endsWith(`  --acknowledge ${name}\n`));
    for (const line of stdout.split('\n')) assert.ok([...line].length <= 80, line);
  });

  it('ends with 0 once every loosening is acknowledged, and where there is none', async () => {
    const acknowledged = await run([sound, milder, '--acknowledge', name]);
    assert.deepEqual([acknowledged.code, acknowledged.stderr], [0, '']);
    assert.match(acknowledged.stdout, /\(acknowledged\)[\s\S]*Every loosening is acknowledged\.\n$/);
    const stricter = await run([milder, sound]);
    assert.equal(stricter.code, 0);
    assert.match(stricter.stdout, /\nTightenings\n {2}get-guidance becomes not-allowed\n/);
    assert.match(stricter.stdout, /Nothing gets milder\.\n$/);
  });

  it('says which acknowledged name is no loosening', async () => {
    const { code, stderr } = await run([sound, milder, '--acknowledge', `${name}s`]);
    assert.equal(code, 1);
    assert.match(
      stderr.replaceAll(/\s+/g, ' '),
      /which is no loosening here\. Did you mean `not-allowed-to-get-guidance:own-account`\?/,
    );
  });

  it('looks at one day only with --on', async () => {
    const ended = edited('ended', 'to: 2030-12-31', 'to: 2029-12-31');
    const always = JSON.parse((await run([sound, ended, '--json'])).stdout);
    assert.deepEqual(
      always.periods.map((period: { from: string }) => period.from),
      ['2026-11-22', '2030-01-01', '2031-01-01'],
    );
    assert.deepEqual(
      always.loosenings.map((change: { name: string; counts: { period: number }[] }) => [
        change.name,
        change.counts.map(({ period }) => period),
      ]),
      [['get-guidance-to-allowed-with-conditions:in-doubt', [1]]],
    );
    const oneDay = JSON.parse((await run([sound, ended, '--on', '2026-12-01', '--json'])).stdout);
    assert.deepEqual([oneDay.periods.length, oneDay.loosenings, oneDay.tightenings], [1, [], []]);
    assert.deepEqual(
      oneDay.others.map((change: { id: string }) => change.id),
      ['in-doubt'],
    );
  });

  it('prints everything as JSON, with numbers of any size', async () => {
    const { stdout } = await run([sound, milder, '--json']);
    const { loosenings, tightenings, notes } = JSON.parse(stdout);
    assert.deepEqual([tightenings, notes], [[], []]);
    const [change] = loosenings;
    assert.deepEqual(change.change, { kind: 'verdict', from: 'not-allowed', to: 'get-guidance' });
    assert.match(change.counts[0].situations, /^\d+$/);
    assert.equal(change.acknowledged, false);
    assert.equal(change.causes[0].id, 'own-account');
    assert.equal(change.examples[0].before, 'not-allowed');
  });

  it('shows other words as a change that leaves every verdict alone', async () => {
    const reworded = edited('reworded', 'Where there is doubt, ask.', 'Ask where there is doubt.');
    const { code, stdout } = await run([sound, reworded]);
    assert.equal(code, 0);
    assert.match(
      stdout,
      /\nChanges that leave every verdict and condition alone\n {2}rule in-doubt: because\n/,
    );
    assert.match(
      stdout,
      /because was: Where there is doubt, ask\.\n {4}because is: {2}Ask where there is doubt\.\n/,
    );
  });

  it('refuses a pack with mistakes, and says which', async () => {
    const broken = edited('broken', '{ account: personal }', '{ acount: personal }');
    const { code, stdout, stderr } = await run([sound, broken]);
    assert.deepEqual([code, stdout], [1, '']);
    assert.match(stderr, /has mistakes that come\s+first\nrules\/tools\.yaml:8: unknown fact `acount`/);
  });

  const wrong: readonly (readonly [args: readonly string[], problem: string])[] = [
    [[], '`policy diff` needs what to compare with: a folder or a git revision'],
    [['a', 'b', 'c'], '`policy diff` does not take `c`'],
    [['a', '--on', 'monday'], '`--on` must be a day that exists, written YYYY-MM-DD, and not `monday`'],
    [['a', '--acknowledg', 'x'], 'unknown option `--acknowledg`. Did you mean `--acknowledge`?'],
  ];
  for (const [args, problem] of wrong) {
    it(`refuses \`policy diff ${args.join(' ')}\` and says how it is called`, async () => {
      const { code, stdout, stderr } = await run(args);
      assert.deepEqual([code, stdout], [2, '']);
      assert.ok(stderr.startsWith(problem), stderr);
      assert.ok(stderr.endsWith(policyDiffUsage));
    });
  }
});

describe('policy diff with a git revision', {
  skip: spawnSync('git', ['--version']).status !== 0 && 'there is no git',
}, () => {
  const repository = path.join(scratch, 'repository');
  const folder = path.join(repository, 'guidance');
  const git = (...args: string[]): string =>
    execFileSync(
      'git',
      ['-C', repository, '-c', 'user.name=Test', '-c', 'user.email=test@example.com', ...args],
      {
        encoding: 'utf8',
      },
    );
  fs.mkdirSync(repository);
  fs.cpSync(sound, folder, { recursive: true });
  git('init', '--quiet');
  git('add', '.');
  git('commit', '--quiet', '--message', 'First');
  replaceRule(
    folder,
    'verdict: not-allowed\n    because: Your own',
    'verdict: get-guidance\n    because: Your own',
  );

  it('compares a revision with the working folder', async () => {
    for (const revision of ['HEAD', 'HEAD:guidance', 'HEAD:guidance/']) {
      const { code, stdout } = await run([revision], folder);
      assert.equal(code, 1);
      assert.ok(stdout.endsWith(`  --acknowledge ${name}\n`), revision);
    }
  });

  it('compares a revision with a folder, whichever comes first, and leaves nothing behind', async () => {
    const before = fs.readdirSync(os.tmpdir()).filter((one) => one.startsWith('clear-to-use-revision-'));
    assert.equal((await run(['HEAD', folder])).code, 1);
    assert.equal((await run([folder, 'HEAD'])).code, 0);
    assert.equal((await run(['HEAD', 'HEAD:guidance'], folder)).code, 0);
    const left = fs.readdirSync(os.tmpdir()).filter((one) => one.startsWith('clear-to-use-revision-'));
    assert.deepEqual(
      left.filter((one) => !before.includes(one)),
      [],
    );
    assert.equal(git('status', '--porcelain').trim(), 'M guidance/rules/tools.yaml');
  });

  it('says of a revision that cannot be compared which one it is and where, and ends with 2', async () => {
    const main = path.join(folder, 'pack.yaml');
    const sane = fs.readFileSync(main, 'utf8');
    fs.writeFileSync(main, `${sane}promotedTools: []\n`);
    git('commit', '--quiet', '--all', '--message', 'As an earlier version read it');
    fs.writeFileSync(main, sane);
    const line = sane.split('\n').length;
    for (const [args, place] of [
      [['HEAD'], `HEAD:pack.yaml:${line}`],
      [['HEAD:guidance', folder], `HEAD:guidance/pack.yaml:${line}`],
      [[folder, 'HEAD'], `HEAD:pack.yaml:${line}`],
    ] as const) {
      const { code, stdout, stderr } = await run(args, folder);
      assert.deepEqual([code, stdout], [2, '']);
      assert.match(stderr, /^the revision `HEAD\S*` cannot be compared: its guidance pack is not as/);
      assert.ok(stderr.includes(`\n${place}: unknown field \`promotedTools\`\n`), stderr);
    }
    git('commit', '--quiet', '--all', '--message', 'As it is read now');
  });

  it('says what is no revision', async () => {
    for (const revision of [
      'no-such-thing',
      'HEAD:nowhere',
      'HEAD:guidance/facts.yaml',
      '$(touch x)',
      'HEAD; true',
    ]) {
      const { code, stdout, stderr } = await run([revision], folder);
      assert.deepEqual([code, stdout], [2, '']);
      assert.match(stderr.replaceAll(/\s+/g, ' '), /is neither a folder nor a revision that has this folder/);
    }
    const { code, stderr } = await run(['HEAD', scratch]);
    assert.equal(code, 2);
    assert.match(stderr.replaceAll(/\s+/g, ' '), /is in no git repository/);
  });
});

describe('a share', () => {
  const cases: readonly (readonly [part: bigint, all: bigint, text: string])[] = [
    [0n, 5n, '0 %'],
    [5n, 5n, '100 %'],
    [1n, 2n, '50 %'],
    [1n, 3n, '33 %'],
    [1n, 40n, '2.50 %'],
    [1n, 1300n, '0.076 %'],
    [12n, 10n ** 12n, '0.0000000012 %'],
    [999_999n, 1_000_000n, '99.99 %'],
    [1n, 10n ** 30n, 'less than 0.000000000000000001 %'],
  ];
  for (const [part, all, text] of cases)
    it(`of ${part} in ${all} is ${text}`, () => {
      assert.equal(share(part, all), text);
    });
});
