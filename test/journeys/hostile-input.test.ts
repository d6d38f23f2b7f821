import assert from 'node:assert/strict';
import fs from 'node:fs/promises';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { daysAfter } from '#domain/shared/day.ts';
import { databaseFile, openDatabase } from '#store/database.ts';
import { startApp, type TestApp } from '#test/support/app.ts';
import { onBothDatabases, sqlite, type TestDatabase } from '#test/support/databases.ts';
import { Person } from '#test/support/person.ts';

const injections = [
  "' or '1'='1",
  "'; drop table audit_events; --",
  '" or ""="',
  '1 union select value from secrets',
  "\\'; select 1; --",
  '%',
  '_',
  // biome-ignore lint/suspicious/noTemplateCurlyInString: it is sent as it is
  '${7*7}',
  '{{7*7}}',
  '{% raw %}',
  '<script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  "javascript:alert('x')",
  '__proto__',
  'constructor',
  'toString',
  '../../../../etc/passwd',
  '\ud83d\ude00\u202e\ufeff\u2028',
  'x'.repeat(5_000),
];

onBothDatabases('hostile input', (kind) => {
  let app: TestApp;
  let database: TestDatabase;
  let administrator: Person;
  before(async () => {
    database = await kind.create();
    const { databaseUrl } = database.place;
    app = await startApp({ env: databaseUrl === null ? {} : { DATABASE_URL: databaseUrl } });
    administrator = await Person.signedIn(app.baseUrl, 'administrator');
  });
  after(async () => {
    await app.close();
    await database.remove();
  });

  it('in every field of the pages that read the database finds nothing, breaks nothing and stays text', async () => {
    for (const text of injections) {
      const all = { actor: text, action: text, entry: text, from: text, to: text, before: text };
      for (const [name, value] of Object.entries(all)) {
        for (const page of ['/audit', '/usage']) {
          const answer = await administrator.get(`${page}?${new URLSearchParams({ [name]: value })}`);
          assert.ok([200, 400].includes(answer.status), `${page} ${name} ${text}`);
          const html = await answer.text();
          assert.ok(!/<script>alert|<img src=x|49/.test(html.replace(/<form[\s\S]*?<\/form>/g, '')), text);
        }
        const taken = await administrator.send('/audit', '/audit/export', { format: 'jsonl', [name]: value });
        assert.ok([200, 400].includes(taken.status), `export ${name} ${text}`);
        if (taken.status === 200 && name !== 'before') {
          const lines = (await taken.text()).split('\n').filter((line) => line !== '');
          assert.ok(lines.length === 0 || name === 'format', `${name} ${text} finds ${lines.length} events`);
        }
      }
      for (const place of ['/me/sessions/ID/end', '/me/tokens/ID/end']) {
        const address = place.replace('ID', encodeURIComponent(text));
        const answer = await administrator.send('/me/sessions', address);
        assert.equal(answer.status, 404, `${place} ${text}`);
      }
      const label = {
        label: text,
        'endsOn-day': text,
        'endsOn-month': '1',
        'endsOn-year': text,
        roles: text,
      };
      assert.equal((await administrator.send('/me/tokens', '/me/tokens', label)).status, 400, text);
      const person = new Person(app.baseUrl);
      assert.equal((await person.send('/sign-in', '/sign-in/trial', { person: text })).status, 400, text);
    }
    assert.equal((await administrator.get('/audit/check')).status, 200);
  });

  it('with control characters in a form is refused in words, and with a number too large for the database too', async () => {
    for (const field of ['actor', 'entry']) {
      for (const [text, sentence] of [
        ['a\u0001b', /must be one line of at most 200 characters/],
        ['a\u0000b', /a character that nobody can type/],
      ] as const) {
        const answer = await administrator.send('/audit', '/audit/export', { [field]: text, format: 'csv' });
        assert.equal(answer.status, 400, field);
        assert.match(await answer.text(), sentence);
      }
    }
    for (const number of ['2147483648', '999999999999999', '0', '-1', '1e3', '99999999999999999999']) {
      const answer = await administrator.get(`/audit?before=${number}`);
      assert.equal(answer.status, 400, number);
    }
    assert.equal((await administrator.get('/audit?before=2147483647')).status, 200);
  });

  it('as a day at either end of the calendar is answered, and at once', async () => {
    for (const query of [
      'from=9999-12-30&to=9999-12-31',
      'from=0001-01-01&to=0001-01-02',
      'to=0001-01-01',
      'to=9999-12-31',
      'from=0050-01-01&to=0050-12-31',
      'from=2026-11-22&to=2026-11-23',
    ])
      for (const page of ['/usage', '/audit']) {
        const answer = await administrator.get(`${page}?${query}`);
        assert.ok([200, 400].includes(answer.status), `${page}?${query}`);
      }
    const future = await administrator.get('/usage?from=2026-11-01&to=9999-12-31');
    assert.match(await future.text(), /The last day must be today or earlier/);
  });

  it('that a spreadsheet would take for a formula is text in the CSV of the audit trail', async () => {
    const signs = ['=', '+', '-', '@', '\t', '\r'];
    for (const sign of signs)
      await app.memory.people.store.audit.record({
        at: '2026-11-22T09:00:00.000Z',
        actor: `${sign}1+1|cmd`,
        action: 'signed-in',
        entry: `${sign}HYPERLINK("http://elsewhere.example";"a, b\n")`,
        payload: { name: `${sign}1+1` },
        keepUntil: '2026-12-22',
      });
    const taken = await administrator.send('/audit', '/audit/export', { format: 'csv' });
    assert.match(
      taken.headers.get('content-disposition') ?? '',
      /^attachment; filename="audit-trail-2026-11-22\.csv"$/,
    );
    const csv = await taken.text();
    for (const sign of signs) assert.ok(csv.includes(`'${sign}1+1|cmd`), JSON.stringify(sign));
    // RFC 4180: quotes twice, and the cell in quotes.
    assert.ok(csv.includes(`"'=HYPERLINK(""http://elsewhere.example"";""a, b\n"")"`));
    assert.doesNotMatch(csv, /(^|,)"?[=+@\t]/m);
  });
});

describe('a page', () => {
  let app: TestApp;
  before(async () => {
    app = await startApp();
  });
  after(() => app.close());

  it('takes forms and nothing else', async () => {
    const person = await Person.signedIn(app.baseUrl, 'asker');
    const token = await person.tokenOn('/me/tokens');
    const cookie = [...person.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const body = JSON.stringify({ _csrf: token, label: { toString: 1 }, roles: [{}] });
    for (const type of [
      'application/json',
      'text/plain',
      'application/xml',
      'multipart/form-data; boundary=x',
      '',
    ]) {
      const headers = { cookie, 'content-type': type };
      const answer = await fetch(`${app.baseUrl}/me/tokens`, { method: 'POST', headers, body });
      assert.equal(answer.status, 415, type);
      assert.match(await answer.text(), /Use the form on the page/);
    }
  });

  it('takes no field that its form does not have', async () => {
    const person = await Person.signedIn(app.baseUrl, 'asker');
    const before = await (await person.get('/me/tokens')).text();
    await person.send('/me/tokens', '/me/tokens', {
      label: 'Mass',
      'endsOn-day': '23',
      'endsOn-month': '11',
      'endsOn-year': '2026',
      personId: 'somebody-else',
      endedAt: '2026-01-01',
      id: 'chosen',
      isAdministrator: 'true',
    });
    const after = await (await person.get('/me/tokens')).text();
    assert.notEqual(after, before);
    assert.ok(!after.includes('chosen') && !after.includes('Ended'));
  });

  it('with a parameter that stands several times takes none of them', async () => {
    const person = await Person.signedIn(app.baseUrl, 'administrator');
    const all = await (await person.get('/audit')).text();
    const events = (html: string): number => html.match(/<th scope="row"/g)?.length ?? 0;
    const twice = await (await person.get('/audit?action=signed-out&action=signed-in')).text();
    assert.equal(events(twice), events(all));
    const token = await person.tokenOn('/me/tokens');
    const answer = await person.post('/me/tokens', { _csrf: token, label: 'x' });
    assert.equal(answer.status, 400);
    const cookie = [...person.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const doubled = await fetch(`${app.baseUrl}/me/tokens`, {
      method: 'POST',
      headers: { cookie, 'content-type': 'application/x-www-form-urlencoded' },
      body: `_csrf=${token}&_csrf=${token}&label=x`,
    });
    assert.equal(doubled.status, 403);
  });
});

describe('what the service remembers', () => {
  it('is a file that nobody else on the machine can read, also in a folder that was there before', async () => {
    const own = await sqlite.create();
    await fs.chmod(own.place.dataDir, 0o755);
    const database = await openDatabase(own.place);
    for (const name of await fs.readdir(own.place.dataDir)) {
      const { mode } = await fs.stat(path.join(own.place.dataDir, name));
      assert.equal(mode & 0o077, 0, name);
    }
    assert.ok((await fs.readdir(own.place.dataDir)).includes(databaseFile));
    await database.close();
    await own.remove();
  });
});

describe('a day', () => {
  it('so many days later is right in every year that can be written, and never leaves the calendar', () => {
    for (const [day, days, expected] of [
      ['2026-11-22', 10, '2026-12-02'],
      ['2024-02-28', 1, '2024-02-29'],
      ['0050-12-31', 1, '0051-01-01'],
      ['0099-12-31', 1, '0100-01-01'],
      ['0001-01-01', -1, '0001-01-01'],
      ['9999-12-31', 1, '9999-12-31'],
      ['9999-01-01', 400, '9999-12-31'],
    ] as const)
      assert.equal(daysAfter(day, days), expected, `${day} ${days}`);
  });
});
