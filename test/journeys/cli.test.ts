import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';

import { systemClock } from '#platform/clock.ts';
import { call, type Json } from '#test/support/api.ts';
import { startApp, type TestApp } from '#test/support/app.ts';
import { runAtTerminal, runProgram } from '#test/support/cli.ts';
import { testNeeds } from '#test/support/guidance.ts';

const root = path.resolve(import.meta.dirname, '..', '..');

/** A question as options: everything that is asked about Trello, as people mostly answer it. */
const ordinary: Readonly<Record<string, string>> = {
  organisation: 'moj-headquarters',
  purpose: 'collaborate',
  account: 'work',
  device: 'moj',
  audience: 'internal',
  classification: 'OFFICIAL',
  sensitive: 'no',
  personalData: 'no',
  damageOrDistress: 'no',
  damagingIfLost: 'no',
};

function options(facts: Readonly<Record<string, string>>): string[] {
  return Object.entries(facts).flatMap(([fact, value]) => [`--${fact}`, value]);
}

// On the day that it is, as the program is.
async function startToday(): Promise<TestApp> {
  return startApp({ needs: { ...(await testNeeds()), today: systemClock().today } });
}

const bold = '\u001b[1m';

/** No line is longer than 80 columns, and nothing in it could steer a terminal. */
function assertPlain(text: string): void {
  for (const line of text.split('\n')) assert.ok([...line].length <= 80, `too long: ${line}`);
  assert.doesNotMatch(text, /(?!\n)\p{Cc}/u);
}

describe('ask', { concurrency: 4 }, () => {
  const cases: readonly (readonly [what: string, args: string[], code: number, prints: RegExp])[] = [
    ['is allowed', ['telephone', ...options({ ...ordinary, purpose: 'communicate' })], 0, /^You can /],
    [
      'has conditions',
      ['trello', ...options(ordinary)],
      10,
      /^You can use Trello .*, if you meet the conditions \(on a list from\nMarch 2018\)/,
    ],
    [
      'needs guidance',
      ['trello', ...options({ ...ordinary, damagingIfLost: 'yes' })],
      11,
      /^Ask your line manager before/,
    ],
    ['needs a review', ['zoom', ...options(ordinary)], 12, /^Ask for a security review before/],
    ['is not allowed', ['trello', ...options({ ...ordinary, account: 'personal' })], 13, /^Do not /],
    ['is open', ['trello'], 11, /not settled yet/],
  ];
  for (const [what, args, code, prints] of cases) {
    it(`ends with ${code} where it ${what}, and prints the answer`, async () => {
      const run = await runProgram(['ask', ...args]);
      assert.equal(run.code, code, run.stdout + run.stderr);
      assert.match(run.stdout, prints);
      assert.equal(run.stderr, '');
      assertPlain(run.stdout);
    });
  }

  it('gives the reasons with citations, the conditions in their order, and what was assumed', async () => {
    const { stdout } = await runProgram(['ask', 'trello', ...options(ordinary)]);
    const headings = [
      'Why',
      'Before you start',
      'While you use it',
      'Afterwards',
      'Always',
      'Assumed, because',
    ];
    const places = headings.map((heading) => stdout.indexOf(`\n${heading}`));
    assert.ok(
      places.every((place, index) => place > (places[index - 1] ?? 0)),
      stdout,
    );
    assert.match(stdout, /March 2018\s+\(OIT-122, OIT-121, OIT-131\)/);
    assert.match(
      stdout,
      /\n {2}must {7}Keep the key information in an MoJ system as well\. \(GAG-82, OIT-93\)\n/,
    );
    assert.match(stdout, /\n {2}good idea {2}Tell your line manager/);
    assert.match(stdout, /--accountShared/);
    assert.match(stdout, /\nGuidance moj \S+ \([0-9a-f]{12}\), answered for \d+ \w+ \d{4}\.\n$/);
  });

  it('says whom to ask, and what could be used instead', async () => {
    const { stdout } = await runProgram(['ask', 'zoom', ...options(ordinary)]);
    assert.match(stdout, /\nWhat to do next\n/);
    assert.match(stdout, /\S+@\S+/);
    assert.match(stdout, /\nWhat you could use instead\n {2}- Microsoft Teams/);
  });

  it('says what would make it all right, who else has to agree, and where nothing does', async () => {
    const facts = [...options({ ...ordinary, lineManagerGuidance: 'none' })];
    const unlisted = await runProgram(['ask', 'miro', ...facts]);
    assert.match(
      unlisted.stdout,
      /\nWhat would make it all right\n {2}- Get a formal approval after a security/,
    );
    assert.match(unlisted.stdout, /not up to you alone: the security team must agree/);
    const secret = await runProgram(['ask', 'slack', ...options({ ...ordinary, classification: 'SECRET' })]);
    assert.match(secret.stdout, /\nWhat would make it all right\n {2}- No change that you could make/);
    const both = await runProgram([
      'ask',
      'slack',
      ...options({ ...ordinary, classification: 'SECRET', account: 'personal' }),
    ]);
    assert.match(
      both.stdout,
      /This alone is not enough\. What still stands in the way:\n {4}- Only OFFICIAL/,
    );
    const yes = await runProgram(['ask', 'trello', ...options(ordinary)]);
    assert.doesNotMatch(yes.stdout, /What would make it all right|What you could use instead/);
  });

  it('prints with --include what else the API can answer with', async () => {
    const args = ['ask', 'slack', '--account', 'personal', '--purpose', 'communicate', '--json'];
    const { body } = JSON.parse(
      `{"body":${(await runProgram([...args, '--include', 'changes,alternatives'])).stdout}}`,
    );
    assert.equal(body.changes[0].parts[0].fact, 'account');
    assert.ok(Array.isArray(body.alternatives));
    assert.ok(!('changes' in JSON.parse((await runProgram(args)).stdout)));
    const wrong = await runProgram([...args, '--include', 'change']);
    assert.equal(wrong.code, 2);
    assert.match(wrong.stderr, /unknown part for `--include` `change`\. Did you mean `changes`\?/);
  });

  it('prints with --json what the API answers', async () => {
    const server = await startToday();
    try {
      const facts = { tool: 'google hangouts', ...ordinary };
      const { body } = await call(server.baseUrl, 'POST', '/api/v1/decisions', {
        body: { facts, on: '2026-06-01' },
      });
      const run = await runProgram([
        'ask',
        'google',
        'hangouts',
        ...options(ordinary),
        '--on',
        '2026-06-01',
        '--json',
      ]);
      assert.equal(run.code, 10);
      assert.deepEqual(JSON.parse(run.stdout), body);
    } finally {
      await server.close();
    }
  });

  const mistakes: readonly (readonly [what: string, args: string[], message: RegExp])[] = [
    [
      'an unknown option',
      ['trello', '--acount=work'],
      /^unknown option `--acount`\. Did you mean `--account`\?\n/,
    ],
    [
      'a fact given twice',
      ['trello', '--account', 'work', '--account', 'work'],
      /^`--account` is given more than once\n/,
    ],
    ['the tool given twice', ['trello', '--tool', 'slack'], /^the tool is given more than once\n/],
    ['an option without a value', ['trello', '--account', '--json'], /^`--account` needs a value\n/],
    ['a value for a flag', ['trello', '--json=yes'], /^`--json` takes no value\n/],
    [
      'an unknown value',
      ['trello', '--account', 'wrok'],
      /^unknown value `wrok` of `account`: it can be work, [^?]*Did\s+you\s+mean\s+`work`\?\n/,
    ],
    [
      'a claim against the catalogue',
      ['trello', '--toolStatus', 'assured'],
      /^`toolStatus` is stated as `assured`, but the catalogue says `acceptable`/,
    ],
    [
      'a day before the guidance begins',
      ['trello', '--on', '2018-02-28'],
      /^the guidance begins on 2018-03-01: `--on` must be that day or a later one, not\s`2018-02-28`/,
    ],
    ['a day that does not exist', ['trello', '--on', '2026-02-30'], /^`--on` must be a day that exists/],
    [
      'a tool of 100,000 characters',
      ['x'.repeat(100_000)],
      /^the name of a tool may have at most 200 characters/,
    ],
    ['control characters', ['tre\u001b[31mllo\u0007'], /^the name of a tool may not hold control characters/],
  ];
  for (const [what, args, message] of mistakes) {
    it(`ends with 2 and says what would be right for ${what}`, async () => {
      const run = await runProgram(['ask', ...args]);
      assert.equal(run.code, 2, run.stdout + run.stderr);
      assert.equal(run.stdout, '');
      assert.match(run.stderr, message);
      assertPlain(run.stderr);
    });
  }

  it('names every mistake at once', async () => {
    const { stderr } = await runProgram(['ask', '--acount', 'x', '--device', 'mine', '--on', 'today']);
    for (const name of ['--acount', 'mine', '--on']) assert.ok(stderr.includes(name), stderr);
  });

  it('lets no control character through, neither in text nor in JSON', async () => {
    const name = 'abc\u2066\u200fdef';
    for (const args of [
      ['ask', '--account', `\u009b31m${name}`],
      [`\u001b[2J${name}`],
      ['tools', 'show', name],
      ['ask', `--\u001b[31m${name}`],
    ]) {
      const run = await runProgram(args);
      assert.equal(run.code, 2, run.stdout + run.stderr);
      assertPlain(run.stderr);
      assert.doesNotMatch(run.stderr, /[\u200e\u200f\u202a-\u202e\u2066-\u2069]/);
    }
    const json = await runProgram(['ask', 'abc\u200fdef', '--json']);
    assertPlain(json.stdout.replaceAll(/^.{81,}$/gm, ''));
    assert.doesNotMatch(json.stdout, /\u200f/);
    assert.equal(JSON.parse(json.stdout).tool.name, 'abc\u200fdef');
  });
});

describe('ask at a terminal', { concurrency: 4, skip: scriptIsMissing() }, () => {
  const typed = [
    'b',
    'trelo',
    '1',
    '?',
    'nonsense',
    'work on',
    'b',
    '1',
    'my own moj',
    '1',
    'OFFICIAL',
    'no',
    'n',
    '2',
    '1',
    '1',
  ];

  it('asks one question after the other, then answers', async () => {
    const { code, stdout } = await runAtTerminal(['ask'], typed, { NO_COLOR: '1' });
    const shown = stdout.replaceAll('\r', '');
    assert.equal(code, 10, shown);
    const order = [
      'What do you want to use?',
      'This is the first question.',
      'We do not know `trelo`. Did you mean one of these?',
      '  1  Trello',
      'What do you want to do with it?',
      'Why we ask: ',
      'b goes back one question.',
      '`nonsense` is not one of the answers.',
      'How will you sign in?',
      'What do you want to do with it?',
      'How will you sign in?',
      'How is it marked?',
      'Which part of the MoJ do you work for?',
      'You can use Trello to work together, if you meet the conditions',
    ];
    let place = 0;
    for (const text of order) {
      place = shown.indexOf(text, place);
      assert.ok(place >= 0, `\`${text}\` does not come after the one before it:\n${shown}`);
    }
    assert.ok(!shown.includes(bold), 'there is colour');
  });

  it('asks only what is not stated yet', async () => {
    const stated = options({ ...ordinary, account: 'personal' });
    const { code, stdout } = await runAtTerminal(['ask', 'trello', ...stated], []);
    assert.equal(code, 13, stdout);
    assert.doesNotMatch(stdout, /Number or text/);
  });

  it('leaves out what contradicts a fact that is stated beside the question', async () => {
    const { classification, sensitive, ...rest } = ordinary;
    const { stdout } = await runAtTerminal(
      ['ask', 'trello', ...options({ ...rest, sensitive: 'yes' })],
      ['official-sensitive', 's'],
    );
    assert.match(stdout, /How is it marked\?/);
    assert.doesNotMatch(stdout, /\d {2}OFFICIAL\r/, `${classification} ${sensitive}`);
    assert.match(stdout, /\d {2}OFFICIAL-SENSITIVE/);
  });

  it('asks what kind of thing a name is that nobody knows', async () => {
    const { stdout } = await runAtTerminal(['ask', 'qqqzzzxxx'], ['equipment', 's']);
    assert.match(stdout, /What kind of thing is it\?/);
    assert.match(stdout, /Equipment for video calls/);
  });

  it('answers with what it has at the end of the input', async () => {
    const { code, stdout } = await runAtTerminal(['ask', 'trello'], ['work on']);
    assert.equal(code, 11, stdout);
    assert.match(stdout, /not settled yet/);
  });

  it('breaks off with 130 at Ctrl+C', async () => {
    const { code, stdout } = await runAtTerminal(['ask', 'trello'], ['\u0003']);
    assert.equal(code, 130, stdout);
  });

  it('has colours, but not with NO_COLOR', async () => {
    const args = ['ask', 'trello', ...options(ordinary)];
    assert.ok((await runAtTerminal(args, [])).stdout.includes(bold));
    assert.ok(!(await runAtTerminal(args, [], { NO_COLOR: '1' })).stdout.includes('\u001b['));
  });
});

describe('tools', { concurrency: 4 }, () => {
  it('are found by name, and with a typing mistake only suggested', async () => {
    const found = await runProgram(['tools', 'search', 'https://trello.com/b/x']);
    assert.equal(found.code, 0);
    assert.match(
      found.stdout,
      /^Trello \(trello\)\n {2}Open internet tool · Acceptable · matched by domain\n/,
    );
    const near = await runProgram(['tools', 'search', 'trelo']);
    assert.equal(near.code, 0);
    assert.match(near.stdout, /^No tool is called `trelo`\.\n\nDid you mean\nTrello \(trello\)\n/);
  });

  it('are shown with what the guidance says of them', async () => {
    const { code, stdout } = await runProgram(['tools', 'show', 'trello']);
    assert.equal(code, 0);
    assert.match(stdout, /Named in {6}Guidance for using Open Internet Tools, March 2018 \(OIT-131\)/);
    assertPlain(stdout);
  });

  it('are printed with --json as the API gives them', async () => {
    const server = await startToday();
    try {
      const list = await call(server.baseUrl, 'GET', '/api/v1/tools?q=teams&limit=20');
      assert.deepEqual(
        JSON.parse((await runProgram(['tools', 'search', 'teams', '--json'])).stdout),
        list.body,
      );
      const one = await call(server.baseUrl, 'GET', '/api/v1/tools/slack');
      assert.deepEqual(JSON.parse((await runProgram(['tools', 'show', 'slack', '--json'])).stdout), one.body);
    } finally {
      await server.close();
    }
  });

  const mistakes: readonly (readonly [args: string[], message: RegExp])[] = [
    [['tools'], /^`tools` needs one of search, show\n/],
    [['tools', 'serch', 'x'], /^unknown command of `tools` `serch`\. Did you mean `search`\?\n/],
    [['tools', 'search'], /^`tools search` needs words to search for\n/],
    [['tools', 'show'], /^`tools show` needs the id of a tool\n/],
    [['tools', 'show', 'Trelo'], /^there is no tool with the id `Trelo`\. Did you mean `trello`\?\n/],
    [['tools', 'show', 'trello', '--jsn'], /^unknown option `--jsn`\. Did you mean `--json`\?\n/],
  ];
  for (const [args, message] of mistakes) {
    it(`ends with 2 for \`${args.join(' ')}\``, async () => {
      const run = await runProgram(args);
      assert.deepEqual([run.code, run.stdout], [2, '']);
      assert.match(run.stderr, message);
    });
  }
});

describe('the program', { concurrency: 4 }, () => {
  it('prints its help and its version', async () => {
    const help = await runProgram(['--help']);
    assert.equal(help.code, 0);
    for (const name of ['serve', 'ask', 'tools search', 'tools show', 'policy check'])
      assert.ok(help.stdout.includes(name));
    assertPlain(help.stdout);
    const version = await runProgram(['--version']);
    const { version: expected } = JSON.parse(
      fs.readFileSync(path.join(root, 'package.json'), 'utf8'),
    ) as Json;
    assert.deepEqual([version.code, version.stdout], [0, `${expected}\n`]);
    const nothing = await runProgram([]);
    assert.deepEqual([nothing.code, nothing.stdout, nothing.stderr], [2, '', help.stdout]);
  });

  for (const command of ['serve', 'ask', 'tools', 'policy']) {
    it(`explains \`${command}\` with --help`, async () => {
      const run = await runProgram([command, '--help']);
      assert.equal(run.code, 0, run.stderr);
      assert.match(run.stdout, new RegExp(command));
    });
  }

  it('lists every fact and its values in the help of `ask`', async () => {
    const { stdout } = await runProgram(['ask', '--help']);
    assert.match(
      stdout,
      /\n {2}--account\n {6}Account: work, corporate, personal, other, none, unknown, n\/a\n/,
    );
    assertPlain(stdout);
  });

  it('names the nearest command for one that does not exist', async () => {
    const run = await runProgram(['tool', 'search']);
    assert.deepEqual([run.code, run.stdout], [2, '']);
    assert.match(run.stderr, /^unknown command `tool`\. Did you mean `tools`\?\n/);
    assert.equal((await runProgram(['serve', 'now'])).code, 2);
  });
});

describe('a guidance pack that cannot be used', () => {
  let folder: string;
  before(() => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), 'clear-to-use-pack-'));
    fs.cpSync(path.join(root, 'policy'), folder, { recursive: true });
  });
  after(() => fs.rmSync(folder, { recursive: true }));

  it('ends with 1 where the folder is not there', async () => {
    const run = await runProgram(['ask', 'trello'], { POLICY_DIR: path.join(folder, 'nowhere') });
    assert.equal(run.code, 1);
    assert.match(run.stderr, /nowhere` cannot be\s+read \(ENOENT\)/);
    assert.doesNotMatch(run.stderr, /\bat /);
  });

  it('ends with 1 and still answers carefully where a rule cannot be evaluated', async () => {
    const rule = {
      owner: 'test',
      lastConfirmed: '2026-11-22',
      reviewBy: '2027-11-22',
      topic: 'Faulty',
      rules: [
        {
          id: 'faulty',
          title: 'Faulty',
          when: { account: 'wrok' },
          verdict: 'allowed',
          because: 'It is faulty.',
        },
      ],
    };
    const file = path.join(folder, 'rules', 'faulty.yaml');
    fs.writeFileSync(file, JSON.stringify(rule));
    const run = await runProgram(['ask', 'trello', ...options(ordinary)], { POLICY_DIR: folder });
    fs.rmSync(file);
    assert.equal(run.code, 1, run.stdout + run.stderr);
    assert.match(run.stdout, /The rule faulty could not be evaluated, so this answer is careful/);
  });

  it('ends with 1 where nothing can be answered from it', async () => {
    fs.rmSync(path.join(folder, 'facts.yaml'));
    for (const args of [['ask', 'trello'], ['tools', 'search', 'x'], ['serve']]) {
      const DATA_DIR = path.join(folder, '..', 'no-data');
      const run = await runProgram(args, { POLICY_DIR: folder, PORT: '0', DATA_DIR });
      assert.deepEqual([run.code, run.stdout], [1, '']);
      assert.match(run.stderr, /The guidance pack cannot be used/);
    }
  });
});

// Debian has it in bsdutils, which is always there. Without it a terminal cannot be made.
function scriptIsMissing(): string | false {
  const found = spawnSync('script', ['--version']).stdout?.toString().includes('util-linux');
  return found === true ? false : 'there is no `script` of util-linux on this machine';
}

describe('output that nobody gets', {
  skip: !fs.existsSync('/dev/full') && 'there is no /dev/full here',
}, () => {
  const run = (tail: string) =>
    spawnSync('bash', ['-c', `set -o pipefail; "$0" src/main.ts ${tail}`, process.execPath], {
      cwd: root,
      encoding: 'utf8',
      timeout: 30_000,
    });

  for (const command of ['ask trello', 'ask trello --json', 'policy book', '--help']) {
    it(`of \`${command}\` on a full disk is one line and the exit code 1`, () => {
      const { status, stderr } = run(`${command} > /dev/full`);
      assert.equal(stderr, 'the output cannot be written (ENOSPC): no space is left where it goes\n');
      assert.equal(status, 1);
    });
  }

  it('because its reader has seen enough changes nothing', () => {
    const { status, stdout, stderr } = run('ask trello --json | head -1');
    assert.deepEqual([status, stdout, stderr], [11, '{\n', '']);
    assert.deepEqual([run('policy book | true').status, run('policy book | true').stderr], [0, '']);
  });

  it('on stderr neither keeps a command from its answer nor changes its exit code', () => {
    assert.equal(run('ask trello --nothing 2> /dev/full').status, 2);
  });
});
