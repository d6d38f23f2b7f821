import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { sql } from 'kysely';
import { fixedClock } from '#platform/clock.ts';
import { readConfig } from '#platform/config.ts';
import { openMemory } from '#serve.ts';
import { openDatabase } from '#store/database.ts';
import { call } from '#test/support/api.ts';
import { startApp, type TestApp } from '#test/support/app.ts';
import { runProgram } from '#test/support/cli.ts';
import { sqlite, type TestDatabase } from '#test/support/databases.ts';
import { Person } from '#test/support/person.ts';

describe('the audit trail, for administrators', () => {
  let own: TestDatabase;
  let app: TestApp;
  let administrator: Person;
  const scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'ctu-taken-'));
  before(async () => {
    own = await sqlite.create();
    const read = readConfig({});
    assert.ok(read.ok);
    const clock = fixedClock('2026-11-22T09:00:00Z');
    app = await startApp({ memory: await openMemory({ ...read.config, ...own.place }, clock) });
    administrator = await Person.signedIn(app.baseUrl, 'administrator');
    const asker = await Person.signedIn(app.baseUrl, 'asker');
    await asker.get('/audit');
    // A spreadsheet would take this for a formula.
    await asker.send('/me/tokens', '/me/tokens', {
      label: '=cmd|calc',
      'endsOn-day': '1',
      'endsOn-month': '3',
      'endsOn-year': '2027',
    });
  });
  after(async () => {
    await app.close();
    await own.remove();
    fs.rmSync(scratch, { recursive: true });
  });
  const page = async (query: string): Promise<string> => (await administrator.get(`/audit?${query}`)).text();
  const numbers = (html: string): number[] =>
    [...html.matchAll(/<th scope="row"[^>]*>(\d+)</g)].map(([, number]) => Number(number));

  it('is shown with who did what, the newest first', async () => {
    const html = await page('');
    assert.deepEqual(numbers(html), [4, 3, 2, 1]);
    assert.match(html, /Alex Asker/);
    assert.match(html, /Was refused access/);
    assert.match(html, /From: 127\.0\.0\.1/);
    assert.match(html, /For: =cmd\|calc/);
  });

  it('is searched by what was done, to what, by whom, and when', async () => {
    assert.deepEqual(numbers(await page('action=token-made')), [4]);
    assert.deepEqual(numbers(await page('entry=session')), [2, 1]);
    assert.deepEqual(numbers(await page('entry=action:read-audit-trail')), [3]);
    const who = /\/audit\?actor=([\w-]+)">Alex/.exec(await page(''))?.[1];
    assert.deepEqual(numbers(await page(`actor=${who}`)), [4, 3, 2]);
    for (const called of ['Alex Asker', 'alex asker', 'ASKER@trial.invalid'])
      assert.deepEqual(numbers(await page(`actor=${encodeURIComponent(called)}`)), [4, 3, 2], called);
    assert.deepEqual(numbers(await page('actor=Alex')), [], 'the whole name');
    assert.deepEqual(numbers(await page('from=2026-11-22&to=2026-11-22')), [4, 3, 2, 1]);
    assert.match(await page('from=2026-11-23'), /No event fits/);
    assert.deepEqual(numbers(await page('before=3')), [2, 1]);
  });

  it('keeps what was typed where a day is none, and says what is wrong', async () => {
    const answer = await administrator.get('/audit?from=22%2F11%2F2026&to=2026-11-22&entry=session');
    assert.equal(answer.status, 400);
    const html = await answer.text();
    assert.match(html, /There is a problem/);
    assert.match(html, /href="#from">The first day must be a real date, such as 2026-11-22/);
    assert.match(html, /value="22\/11\/2026"/);
    assert.match(html, /value="session"/);
    for (const query of ['action=flew', 'from=2026-11-23&to=2026-11-22', 'before=x', 'before=-1'])
      assert.equal((await administrator.get(`/audit?${query}`)).status, 400, query);
  });

  async function take(address: string, fields: Record<string, string> = {}): Promise<Response> {
    return administrator.send('/audit', address, fields);
  }

  it('is taken out as lines of JSON that `audit verify` finds whole, with a signed head', async () => {
    const lines = await take('/audit/export', { format: 'jsonl' });
    assert.equal(lines.headers.get('content-type'), 'application/jsonl; charset=utf-8');
    assert.match(lines.headers.get('content-disposition') ?? '', /audit-trail-2026-11-22\.jsonl/);
    const trail = path.join(scratch, 'trail.jsonl');
    fs.writeFileSync(trail, await lines.text());
    const head = path.join(scratch, 'head.json');
    const taken = await take('/audit/head');
    fs.writeFileSync(head, await taken.text());
    const early = await runProgram(['audit', 'verify', '--export', trail, '--head', head]);
    assert.equal(early.code, 1, 'the head is one event later');
    fs.writeFileSync(trail, await (await take('/audit/export', { format: 'jsonl' })).text());
    const verified = await runProgram(['audit', 'verify', '--export', trail, '--head', head]);
    assert.equal(verified.code, 0, verified.stdout + verified.stderr);
    const inDatabase = await runProgram(['audit', 'verify', '--head', head], { DATA_DIR: own.place.dataDir });
    assert.equal(inDatabase.code, 0, inDatabase.stdout + inDatabase.stderr);
  });

  it('is taken out for a spreadsheet, in which nothing is a formula', async () => {
    const csv = await (await take('/audit/export', { format: 'csv', action: 'token-made' })).text();
    const [header, row, ...more] = csv.trimEnd().split('\r\n');
    assert.equal(header, 'number,at,actor,action,entry,payload,payloadHash,keepUntil,hash');
    assert.match(row ?? '', /^4,2026-11-22T09:00:00\.000Z,/);
    assert.equal(more.length, 0);
    assert.doesNotMatch(csv, /(^|,|\n)"?[=+@]/);
  });

  it('tells of everybody who took it out', async () => {
    const html = await page('action=audit-exported');
    assert.ok(numbers(html).length >= 3);
    assert.match(html, /Sam Administrator/);
  });

  it('is checked on a page', async () => {
    assert.match(await (await administrator.get('/audit/check')).text(), /The audit trail is whole/);
  });

  it('is still shown, taken out and named where somebody changed it in the database', async () => {
    const database = await openDatabase(own.place);
    await sql`update audit_payloads set payload = 'no object <b>' where number = 2`.execute(database.kysely);
    await sql`update audit_payloads set payload = '[1]' where number = 3`.execute(database.kysely);
    await database.close();
    assert.match(await page('before=4'), /Not readable: no object &lt;b&gt;/);
    const check = await (await administrator.get('/audit/check')).text();
    assert.match(check, /The audit trail is not whole/);
    assert.match(check, /Event 2: its payload is not what was written/);
    assert.match(check, /Event 3: its payload is not what was written/);
    const lines = await take('/audit/export', { format: 'jsonl' });
    assert.equal(lines.status, 200);
    const trail = path.join(scratch, 'changed.jsonl');
    fs.writeFileSync(trail, await lines.text());
    const { code, stdout } = await runProgram(['audit', 'verify', '--export', trail]);
    assert.equal(code, 1);
    assert.match(stdout, /^event 2: .*\nevent 3: /);
    const made = await administrator.send('/me/tokens', '/me/tokens', {
      label: 'Check',
      'endsOn-day': '1',
      'endsOn-month': '3',
      'endsOn-year': '2027',
      roles: 'administrator',
    });
    const token = /ctu_[\w-]+/.exec(await made.text())?.[0] ?? '';
    const headers = { authorization: `Bearer ${token}` };
    const { status, body } = await call(app.baseUrl, 'GET', '/api/v1/audit?cursor=4', { headers });
    assert.equal(status, 200);
    assert.deepEqual(body.events[0].payload, { unreadable: '[1]' });
  });
});
