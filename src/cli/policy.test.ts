import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, describe, it } from 'node:test';

import { loadGuidance } from '#store/guidance.ts';
import { loadRevision } from '#store/policy-revision.ts';
import { writeSchemas } from '#store/policy-schemas.ts';
import { collectedText } from '#test/support/collected-text.ts';
import { runPolicy } from './policy.ts';
import { policyUsage } from './policy-arguments.ts';

const sound = path.resolve(import.meta.dirname, '..', '..', 'test', 'broken-policy', 'sound');
const scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'policy-'));
after(() => fs.rmSync(scratch, { recursive: true }));

async function run(args: readonly string[], policyDir = sound) {
  const [stdout, stderr] = [collectedText(), collectedText()];
  const io = { stdout: stdout.stream, stderr: stderr.stream };
  const code = await runPolicy(args, {
    io,
    policyDir,
    load: loadGuidance,
    loadRevision,
    writeSchemas,
    today: () => '2026-11-22',
  });
  return { code, stdout: stdout.text(), stderr: stderr.text() };
}

/** A copy of the sound pack in which a text is replaced. */
function broken(name: string, file: string, text: string, other: string): string {
  const folder = path.join(scratch, name);
  fs.cpSync(sound, folder, { recursive: true });
  const where = path.join(folder, file);
  fs.writeFileSync(where, fs.readFileSync(where, 'utf8').replace(text, other));
  return folder;
}

describe('policy', () => {
  const wrong: readonly (readonly [args: readonly string[], problem: string])[] = [
    [[], '`policy` needs one of check, prove, diff, examples, coverage, book, publish, versions'],
    [['chek'], 'unknown command of `policy` `chek`. Did you mean `check`?'],
    [['check', '--jsn'], 'unknown option `--jsn`. Did you mean `--json`?'],
    [['check', 'a', 'b'], '`policy check` does not take `b`'],
    [['book', '--out'], '`--out` needs a value'],
    [['examples', '--all'], 'unknown option `--all`'],
  ];
  for (const [args, problem] of wrong) {
    it(`refuses \`policy ${args.join(' ')}\` and says how it is called`, async () => {
      const { code, stdout, stderr } = await run(args);
      assert.deepEqual(
        { code, stdout, stderr },
        { code: 2, stdout: '', stderr: `${problem}\n\n${policyUsage}` },
      );
    });
  }

  it('says that a folder does not exist', async () => {
    const { code, stderr } = await run(['check', '/no/such/folder']);
    assert.equal(code, 2);
    assert.equal(stderr, 'there is no guidance pack in `/no/such/folder`: the folder does not exist\n');
  });

  it('shows no control character of a pack to the terminal', async () => {
    const folder = broken('control', 'rules/tools.yaml', 'account: personal', 'account: "per\\e[2Jsonal"');
    const { code, stdout } = await run(['check', folder]);
    assert.equal(code, 1);
    assert.ok(!stdout.includes('\u001b'));
  });
});

describe('policy check --json', () => {
  it('lists problems with file, line and what would be right', async () => {
    const folder = broken('json', 'rules/tools.yaml', '{ account: personal }', '{ acount: personal }');
    const { code, stdout } = await run(['check', folder, '--json']);
    assert.equal(code, 1);
    const { problems, errors, warnings, counts } = JSON.parse(stdout);
    assert.deepEqual(problems, [
      {
        level: 'error',
        file: 'rules/tools.yaml',
        line: 8,
        message: 'unknown fact `acount`',
        help: 'Did you mean `account`?',
      },
    ]);
    assert.deepEqual([errors, warnings, counts.rules], [1, 0, 4]);
  });
});

describe('policy check --write', () => {
  it('writes schemas and first lines once, and leaves what is right alone', async () => {
    const folder = path.join(scratch, 'write');
    fs.cpSync(sound, folder, { recursive: true });
    const first = await run(['check', folder, '--write']);
    assert.equal(first.code, 0);
    const rules = fs.readFileSync(path.join(folder, 'rules/tools.yaml'), 'utf8');
    assert.ok(
      rules.startsWith('# yaml-language-server: $schema=../.schemas/rules.schema.json\ntopic: Tools\n'),
    );
    const schema = JSON.parse(fs.readFileSync(path.join(folder, '.schemas/rules.schema.json'), 'utf8'));
    assert.deepEqual(schema.definitions.clause.enum, ['TEA-1', 'TEA-2', 'TEA-3', 'TEA-4']);
    assert.deepEqual(schema.definitions.when.properties.account.anyOf[0].enum, ['work', 'personal', 'n/a']);
    assert.deepEqual(schema.definitions.when.properties.doubt.anyOf[0].enum, [true, false, 'n/a']);
    await run(['check', folder, '--write']);
    assert.equal(fs.readFileSync(path.join(folder, 'rules/tools.yaml'), 'utf8'), rules);
  });
});

describe('policy examples', () => {
  it('counts what passes', async () => {
    const { code, stdout } = await run(['examples']);
    assert.deepEqual([code, stdout], [0, '4 examples: 4 passed, 0 failed\n']);
  });

  it('prints a failure in full', async () => {
    const folder = broken(
      'example',
      'rules/tools.yaml',
      'verdict: allowed-with-conditions',
      'verdict: allowed',
    );
    const { code, stdout } = await run(['examples'], folder);
    assert.equal(code, 1);
    assert.equal(
      stdout,
      [
        'rules/tools.yaml:28: the example `a message to a colleague` of the rule `kettle-chat` fails: expected `allowed`, got `allowed-with-conditions`',
        '  expected: allowed',
        '  answered: allowed-with-conditions, on 2026-11-22',
        '  rules:    kettle-chat',
        '  facts:    tool kettle-chat, organisation leaf-office, account work',
        '4 examples: 3 passed, 1 failed',
        '',
      ].join('\n'),
    );
  });

  it('does not run while the pack has mistakes that come first', async () => {
    const folder = broken('first', 'rules/tools.yaml', '{ account: personal }', '{ acount: personal }');
    const { code, stdout, stderr } = await run(['examples'], folder);
    assert.deepEqual([code, stdout], [1, '']);
    assert.match(stderr, /^the examples cannot be run: .*\nrules\/tools\.yaml:8: unknown fact `acount`/);
  });
});

describe('policy coverage', () => {
  it('counts the statements and fails for one that is placed nowhere', async () => {
    const { code, stdout } = await run(['coverage']);
    assert.equal(code, 0);
    assert.match(stdout, /^4 of 4 statements placed\n/);
    const folder = broken(
      'coverage',
      'clauses/tea.yaml',
      'clauses:\n',
      'clauses:\n  - { id: TEA-5, section: X, class: fact, text: Nobody says this. }\n',
    );
    const missing = await run(['coverage'], folder);
    assert.equal(missing.code, 1);
    assert.match(missing.stdout, /^4 of 5 statements placed\n/);
    assert.match(missing.stdout, /\nnot placed: TEA-5\n/);
  });

  it('shows each statement with its places', async () => {
    const { stdout } = await run(['coverage', '--all']);
    assert.match(
      stdout,
      /\nTEA-4 Everybody follows the Tea Code\.\n {2}page about: About tools\n {2}link tea-code: Tea Code\n {2}later register: /,
    );
  });
});

describe('policy book', () => {
  it('writes the document to a file or to the standard output', async () => {
    const out = path.join(scratch, 'book.html');
    const { code, stdout, stderr } = await run(['book', '--out', out]);
    assert.deepEqual([code, stdout, stderr], [0, '', `written to ${out}\n`]);
    const printed = await run(['book']);
    assert.equal(printed.stdout, fs.readFileSync(out, 'utf8'));
    assert.match(printed.stdout, /^<!DOCTYPE html>/);
  });

  it('says that a file cannot be written', async () => {
    const { code, stderr } = await run(['book', '--out', '/no/such/folder/book.html']);
    assert.equal(code, 1);
    assert.equal(stderr, 'cannot write `/no/such/folder/book.html`: its folder does not exist\n');
  });
});
