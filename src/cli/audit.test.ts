import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { Kysely } from 'kysely';
import { Migrator } from 'kysely/migration';
import { readPayload } from '#domain/audit/event.ts';
import { sha256 } from '#platform/sha256.ts';
import { createSigner, newSigningKey } from '#platform/signer.ts';
import { databaseFile, describeFailure, migrations, openDatabase, openForReading } from '#store/database.ts';
import { NodeSqliteDialect } from '#store/sqlite.ts';
import { createStore } from '#store/store.ts';
import { runProgram } from '#test/support/cli.ts';
import { collectedText } from '#test/support/collected-text.ts';
import { signedText } from '#usecases/audit/signed-head.ts';
import { audit } from './audit.ts';
import type { CliParts } from './parts.ts';

const scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'ctu-audit-'));
const dataDir = path.join(scratch, 'data');
const file = path.join(dataDir, databaseFile);
const signer = createSigner(newSigningKey());
after(() => fs.rmSync(scratch, { recursive: true }));

async function run(args: readonly string[], dir = dataDir) {
  const [stdout, stderr] = [collectedText(), collectedText()];
  const place = { databaseUrl: null, dataDir: dir };
  const parts = {
    io: { stdout: stdout.stream, stderr: stderr.stream },
    async openTrail() {
      const { audit: trail, close } = createStore(await openForReading(place));
      return { ...trail, hash: sha256, close, describe: (error: unknown) => describeFailure(place, error) };
    },
  } as unknown as CliParts;
  const code = await audit.run(args, parts);
  return { code, stdout: stdout.text(), stderr: stderr.text() };
}

const actions = ['signed-in', 'token-made', 'token-ended', 'access-refused', 'signed-out'] as const;

/** The texts of each event as they stand one after another in the file, and its payload. */
const stored: { number: number; row: string; payload: string }[] = [];
let head: { number: number; hash: string };

before(async () => {
  const store = createStore(await openDatabase({ databaseUrl: null, dataDir }));
  for (const [place, action] of actions.entries())
    await store.audit.record({
      at: `2026-11-22T09:00:0${place}.000Z`,
      actor: `01a20000-0000-7000-8000-00000000000${place}`,
      action,
      entry: `session:01a20000-0000-7000-8000-10000000000${place}`,
      payload: { from: '192.0.2.7', device: 'Firefox on Linux', name: `Person ${place}` },
      keepUntil: '2028-11-21',
    });
  const lines: string[] = [];
  for await (const { payload, ...event } of store.audit.read()) {
    const { number, at, actor, action, entry, payloadHash, keepUntil, hash } = event;
    stored.push({
      number,
      row: at + actor + action + entry + payloadHash + keepUntil + hash,
      payload: payload ?? '',
    });
    lines.push(JSON.stringify({ ...event, payload: readPayload(payload) }));
  }
  head = await store.audit.head();
  await store.close();
  fs.writeFileSync(path.join(scratch, 'trail.jsonl'), `${lines.join('\n')}\n`);
  const at = '2026-11-22T10:00:00.000Z';
  const signature = signer.sign(signedText({ ...head, at }));
  writeHead('head.json', { ...head, at, signature, key: signer.publicKey });
  fs.writeFileSync(path.join(scratch, 'key.pem'), signer.publicKey);
});

// As the service left it that knew all migrations but the last.
async function makeOlder(place: string): Promise<void> {
  const db = new Kysely<unknown>({ dialect: new NodeSqliteDialect(place, 'write') });
  const earlier = Object.fromEntries(Object.entries(migrations).slice(0, -1));
  const { error } = await new Migrator({
    db,
    provider: { getMigrations: async () => earlier },
  }).migrateToLatest();
  assert.equal(error, undefined);
  await db.destroy();
}

function writeHead(name: string, value: object): void {
  fs.writeFileSync(path.join(scratch, name), JSON.stringify(value));
}
const at = (name: string): string => path.join(scratch, name);

describe('audit verify', () => {
  it('says of a trail that is whole how long it is and where it ends', async () => {
    const { code, stdout, stderr } = await run(['verify']);
    assert.deepEqual([code, stderr], [0, '']);
    assert.equal(
      stdout.replaceAll(/\s+/g, ' ').trim(),
      `5 events, the last one 5 ${head.hash.slice(0, 16)}…: whole`,
    );
  });

  it('says the same in JSON', async () => {
    const { code, stdout } = await run(['verify', '--json']);
    assert.equal(code, 0);
    assert.deepEqual(JSON.parse(stdout), { count: 5, findings: [], disposed: [], head: { ...head } });
  });

  const wrong: readonly (readonly [args: readonly string[], problem: RegExp])[] = [
    [[], /`audit` needs `verify`/],
    [['verfy'], /verify/],
    [['verify', 'now'], /does not take `now`/],
    [['verify', '--colour'], /--colour/],
    [['verify', '--key', 'key.pem'], /`--key` is for `--head`/],
    [['verify', '--head', 'no-such-file.json'], /`no-such-file\.json` cannot be read \(ENOENT\)/],
    [['verify', '--export', 'no-such-file.jsonl'], /`no-such-file\.jsonl` cannot be read \(ENOENT\)/],
    [['verify', '--export', scratch], /cannot be read \(EISDIR\)/],
  ];
  for (const [args, problem] of wrong) {
    it(`ends with 2 and says what is wrong: audit ${args.join(' ')}`, async () => {
      const { code, stdout, stderr } = await run(args);
      assert.deepEqual([code, stdout], [2, '']);
      assert.match(stderr, problem);
      assert.doesNotMatch(stderr, /POLICY_DIR|our mistake/);
    });
  }

  it('ends with 1 where there is no database, and makes none', async () => {
    const elsewhere = at('nothing');
    const { code, stdout, stderr } = await runProgram(['audit', 'verify'], { DATA_DIR: elsewhere });
    assert.deepEqual([code, stdout], [1, '']);
    assert.match(
      stderr.replaceAll(/\s+/g, ' '),
      /there is no database in `.*nothing`\. DATA_DIR names its folder/,
    );
    assert.equal(fs.existsSync(elsewhere), false);
  });

  it('changes nothing in what it reads, neither the trail nor what is beside it', async () => {
    const bytes = fs.readFileSync(file);
    assert.equal((await runProgram(['audit', 'verify'], { DATA_DIR: dataDir })).code, 0);
    assert.deepEqual(fs.readFileSync(file), bytes);
    assert.deepEqual(fs.readdirSync(dataDir), [databaseFile]);
  });

  for (const args of [
    ['audit', 'verify'],
    ['policy', 'versions'],
  ])
    it(`leaves a database of an older version as it is, and says so: ${args.join(' ')}`, async () => {
      const older = at(`older-${args[0]}`);
      fs.mkdirSync(older);
      await makeOlder(path.join(older, databaseFile));
      const bytes = fs.readFileSync(path.join(older, databaseFile));
      const { code, stdout, stderr } = await runProgram(args, { DATA_DIR: older });
      assert.deepEqual([code, stdout], [1, '']);
      assert.match(
        stderr.replaceAll(/\s+/g, ' '),
        /^the database is as an older version of this program left it, .* start the service, which brings the database up to date\. $/,
      );
      assert.deepEqual(fs.readFileSync(path.join(older, databaseFile)), bytes);
    });

  it('says in its own words that a file is no database', async () => {
    const broken = at('broken');
    fs.mkdirSync(broken);
    fs.writeFileSync(path.join(broken, databaseFile), 'This is a letter and not a database.\n'.repeat(100));
    const { code, stderr } = await runProgram(['audit', 'verify'], { DATA_DIR: broken });
    assert.equal(code, 1);
    assert.match(stderr.replaceAll(/\s+/g, ' '), /cannot be used \(the file is damaged\)/);
    assert.doesNotMatch(stderr, /SQLITE|malformed|not a database|our mistake|\.ts:/i);
  });
});

describe('a byte that is changed in the file of the database', () => {
  const tampered = at('tampered');
  let whole: Buffer;
  before(() => {
    fs.mkdirSync(tampered);
    whole = fs.readFileSync(file);
  });
  async function withByte(place: number, change: number) {
    const bytes = Buffer.from(whole);
    bytes[place] = (bytes[place] ?? 0) ^ change;
    for (const name of fs.readdirSync(tampered)) fs.rmSync(path.join(tampered, name));
    fs.writeFileSync(path.join(tampered, databaseFile), bytes);
    return run(['verify'], tampered);
  }
  /** Where a text stands in the file: in the table, and nowhere else as a whole. */
  function placeOf(text: string): number {
    const place = whole.indexOf(text);
    assert.ok(place > 0, text);
    assert.equal(whole.indexOf(text, place + 1), -1, 'it stands there once');
    return place;
  }

  it('names the event, wherever in the event or its payload it is', async () => {
    for (const { number, row, payload } of stored) {
      // Every byte of one event, and some of the others.
      const step = number === 3 ? 1 : 11;
      for (const text of [row, payload]) {
        for (let offset = 0; offset < text.length; offset += step) {
          const { code, stdout, stderr } = await withByte(placeOf(text) + offset, 1);
          const where = `event ${number}, ${JSON.stringify(text.slice(offset, offset + 8))}: ${stdout}${stderr}`;
          assert.equal(code, 1, where);
          assert.match(stdout, new RegExp(`^event ${number}: `), where);
          const named = [...stdout.matchAll(/^event (\d+): /gm)].map(([, one]) => Number(one));
          assert.deepEqual(new Set(named), new Set([number]), where);
        }
      }
    }
  });

  it('is found also where it makes letters that are none', async () => {
    for (const { number, row, payload } of stored)
      for (const text of [row, payload]) {
        const { code, stdout } = await withByte(placeOf(text) + 4, 0x80);
        assert.equal(code, 1);
        assert.match(stdout, new RegExp(`^event ${number}: `));
      }
  });

  it('is found in the head of the chain', async () => {
    const places: number[] = [];
    for (let place = whole.indexOf(head.hash); place >= 0; place = whole.indexOf(head.hash, place + 1))
      places.push(place);
    assert.equal(places.length, 2, 'in the last event and in the head');
    for (const place of places) {
      const { code, stdout } = await withByte(place + 7, 1);
      assert.equal(code, 1);
      assert.match(stdout, /^event 5: /);
    }
  });

  it('is found before the texts, where the database keeps lengths and numbers, and never ends in a message of the database', async () => {
    // As many bytes as SQLite puts before the texts of a row: its length, its number, and the kind and length of each column.
    for (const { row, payload } of stored)
      for (const [text, most] of [
        [row, 14],
        [payload, 6],
      ] as const)
        for (let back = 1; back <= most; back++)
          for (const change of [1, 0x40]) {
            const { stdout, stderr, code } = await withByte(placeOf(text) - back, change);
            assert.equal(code, 1, `${text.slice(0, 24)} -${back} ^${change}: ${stdout}`);
            assert.doesNotMatch(stderr, /SQLITE|malformed|constraint|our mistake|\.ts:/i);
            assert.ok(/^event \d+: /m.test(stdout) || /cannot be (read|used)/.test(stderr), stdout + stderr);
          }
  });

  it('is printed by the program itself, with 1', async () => {
    const place = placeOf(stored[2]?.row ?? '') + 30;
    await withByte(place, 1);
    const { code, stdout, stderr } = await runProgram(['audit', 'verify'], { DATA_DIR: tampered });
    assert.deepEqual([code, stderr], [1, '']);
    assert.match(stdout, /^event 3: it is not what was written\n5 events: 1 thing is wrong\n$/);
    const json = await runProgram(['audit', 'verify', '--json'], { DATA_DIR: tampered });
    assert.equal(json.code, 1);
    assert.deepEqual(
      JSON.parse(json.stdout).findings.map(({ number, kind }: { number: number; kind: string }) => [
        number,
        kind,
      ]),
      [[3, 'changed']],
    );
  });
});

describe('audit verify --head', () => {
  it('holds the trail against a head that was taken out', async () => {
    const { code, stdout } = await run(['verify', '--head', at('head.json')]);
    assert.equal(code, 0, stdout);
    assert.match(stdout, /head 5 of 2026-11-22T10:00:00\.000Z, signed with the key\s[0-9a-f]{64}\s/);
    for (const key of ['key.pem', 'head.json'])
      assert.equal((await run(['verify', '--head', at('head.json'), '--key', at(key)])).code, 0, key);
  });

  it('finds a trail that was written anew', async () => {
    const hash = sha256('another');
    const when = '2026-11-22T10:00:00.000Z';
    for (const [number, kind] of [
      [5, /event 5: it is not the event that the head was taken of/],
      [9, /event 9: the trail ends with event \d+, before this head/],
    ] as const) {
      const signature = signer.sign(signedText({ number, hash, at: when }));
      writeHead('other.json', { number, hash, at: when, signature, key: signer.publicKey });
      const { code, stdout } = await run(['verify', '--head', at('other.json'), '--key', at('key.pem')]);
      assert.equal(code, 1);
      assert.match(stdout.replaceAll(/\s+/g, ' '), kind);
    }
  });

  it('refuses a head that was changed, one that somebody else signed, and what is no head', async () => {
    const known = JSON.parse(fs.readFileSync(at('head.json'), 'utf8'));
    writeHead('changed.json', { ...known, number: 4 });
    assert.match(
      (await run(['verify', '--head', at('changed.json')])).stderr,
      /does not fit: the head was\s+changed/,
    );
    const stranger = createSigner(newSigningKey());
    writeHead('strange.json', {
      ...known,
      signature: stranger.sign(signedText(known)),
      key: stranger.publicKey,
    });
    const strange = await run(['verify', '--head', at('strange.json'), '--key', at('key.pem')]);
    assert.match(strange.stderr.replaceAll(/\s+/g, ' '), /was signed with another key than/);
    const older = await run(['verify', '--head', at('strange.json'), '--key', at('head.json')]);
    assert.match(older.stderr.replaceAll(/\s+/g, ' '), /was signed with another key than/);
    for (const text of ['', 'null', '[]', '42', '{"number": 5}', 'a letter']) {
      fs.writeFileSync(at('none.json'), text);
      const { code, stderr } = await run(['verify', '--head', at('none.json')]);
      assert.equal(code, 1, text);
      assert.match(stderr.replaceAll(/\s+/g, ' '), /is not a signed head of an audit trail/);
    }
  });
});

describe('audit verify --export', () => {
  const verify = (name: string, ...more: string[]) => run(['verify', '--export', at(name), ...more]);
  const lines = (): string[] => fs.readFileSync(at('trail.jsonl'), 'utf8').trimEnd().split('\n');

  it('checks a trail that was taken out, without the database', async () => {
    const { code, stdout } = await run(['verify', '--export', at('trail.jsonl')], at('nothing'));
    assert.equal(code, 0, stdout);
    assert.equal((await verify('trail.jsonl', '--head', at('head.json'))).code, 0);
  });

  it('names the event, or the line, of which any byte was changed', async () => {
    const whole = fs.readFileSync(at('trail.jsonl'));
    for (let place = 0; place < whole.length - 1; place++) {
      const bytes = Buffer.from(whole);
      bytes[place] = (bytes[place] ?? 0) ^ 1;
      fs.writeFileSync(at('changed.jsonl'), bytes);
      const number = whole.subarray(0, place).toString().split('\n').length;
      const { code, stdout, stderr } = await verify('changed.jsonl');
      assert.equal(code, 1, `${place}: ${whole.subarray(place - 10, place + 10)}`);
      const said = (stdout + stderr).replaceAll(/\s+/g, ' ');
      assert.ok(
        said.includes(`event ${number}: `) || said.includes(`line ${number} of`),
        `${number}, ${whole.subarray(place - 10, place + 10)}: ${said}`,
      );
    }
  });

  it('finds lines that are missing or stand elsewhere, and an end that was cut off where there is a head', async () => {
    const [one = '', two = '', three = '', ...rest] = lines();
    const cases: readonly (readonly [string[], RegExp])[] = [
      [[one, three, ...rest], /event 2: it is missing/],
      [[one, three, two, ...rest], /event 2: it is missing/],
      [[...lines().slice(0, 3)], /event 5: the trail ends with event 3, before this head/],
    ];
    for (const [kept, problem] of cases) {
      fs.writeFileSync(at('cut.jsonl'), kept.join('\n'));
      const { code, stdout } = await verify('cut.jsonl', '--head', at('head.json'));
      assert.equal(code, 1);
      assert.match(stdout, problem);
    }
  });

  it('says of which line it is not an event', async () => {
    for (const line of ['null', '42', '[]', '"text"', '{}', '{"number":"1"}', 'a letter']) {
      fs.writeFileSync(at('odd.jsonl'), `${lines()[0]}\n${line}\n`);
      const { code, stdout, stderr } = await verify('odd.jsonl');
      assert.deepEqual([code, stdout], [1, ''], line);
      assert.match(stderr.replaceAll(/\s+/g, ' '), /line 2 of `.*` is not an event of an audit trail/);
    }
  });
});
