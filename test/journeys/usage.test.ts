import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { sql } from 'kysely';
import { fixedClock } from '#platform/clock.ts';
import { readConfig } from '#platform/config.ts';
import { openMemory } from '#serve.ts';
import { type Database, openDatabase } from '#store/database.ts';
import { call } from '#test/support/api.ts';
import { startApp, type TestApp } from '#test/support/app.ts';
import { sqlite, type TestDatabase } from '#test/support/databases.ts';
import { Person } from '#test/support/person.ts';

const ordinary =
  'device=moj&classification=OFFICIAL&sensitive=false&personalData=false&damageOrDistress=false&damagingIfLost=false&audience=internal&organisation=moj-headquarters&account=work';
const trello = `/answer?tool=trello&purpose=collaborate&${ordinary}`;
const unknownTool = (name: string): string =>
  `/answer?${new URLSearchParams({ tool: name })}&purpose=collaborate&account=personal`;
const today = '2026-11-22';

describe('what is asked', () => {
  let own: TestDatabase;
  let app: TestApp;
  let database: Database;
  before(async () => {
    own = await sqlite.create();
    const read = readConfig({});
    assert.ok(read.ok);
    const clock = fixedClock(`${today}T09:00:00Z`);
    app = await startApp({ memory: await openMemory({ ...read.config, ...own.place }, clock) });
    database = await openDatabase(own.place);
  });
  after(async () => {
    await database.close();
    await app.close();
    await own.remove();
  });

  type Counts = {
    readonly tool: string;
    readonly verdict: string;
    readonly rule: string;
    readonly times: number;
  };
  /** What is counted so far, and what was counted since the last time. */
  let known = new Map<string, number>();
  async function counted(): Promise<Counts[]> {
    await app.memory.asked.flush(app.memory.people.store);
    const rows = await app.memory.people.store.usage.asked(today, today);
    const news = rows.flatMap((row) => {
      const { times, ...key } = row;
      const more = times - (known.get(JSON.stringify(key)) ?? 0);
      return more === 0 ? [] : [{ ...row, times: more }];
    });
    known = new Map(rows.map(({ times, ...key }) => [JSON.stringify(key), times]));
    return news;
  }
  async function names(): Promise<Record<string, number>> {
    await app.memory.asked.flush(app.memory.people.store);
    // As it is stored, and not as it is shown.
    const { rows } = await sql<{
      name: string;
      times: number;
    }>`select name, times from unknown_names`.execute(database.kysely);
    return Object.fromEntries(rows.map(({ name, times }) => [name, times]));
  }
  const open = async (address: string, headers: Record<string, string> = {}): Promise<Response> => {
    const answer = await fetch(new URL(address, app.baseUrl), { headers, redirect: 'manual' });
    await answer.arrayBuffer();
    return answer;
  };

  it('is counted each time that an answer is shown, also where the page was kept', async () => {
    for (let time = 0; time < 3; time++) await open(trello);
    await open(trello, { 'accept-encoding': 'identity' });
    const [row, ...others] = await counted();
    assert.deepEqual(others, []);
    assert.deepEqual([row?.tool, row?.verdict, row?.times], ['trello', 'allowed-with-conditions', 4]);
    assert.ok(
      app.needs.policy().pack.rules.some(({ id }) => id === row?.rule),
      row?.rule,
    );
  });

  it('is not counted again where the browser has the page already, and not for HEAD', async () => {
    const etag = (await open(trello)).headers.get('etag') ?? '';
    await counted();
    assert.equal((await open(trello, { 'if-none-match': etag })).status, 304);
    await fetch(new URL(trello, app.baseUrl), { method: 'HEAD' });
    assert.deepEqual(await counted(), []);
  });

  it('is counted of the API too, and of both alike', async () => {
    const facts = { tool: 'Trello', ...Object.fromEntries(new URL(trello, app.baseUrl).searchParams) };
    const truths = Object.fromEntries(
      Object.entries(facts).map(([fact, value]) => [fact, value === 'false' ? false : value]),
    );
    const answer = await call(app.baseUrl, 'POST', '/api/v1/decisions', { body: { facts: truths } });
    assert.equal(answer.status, 200, answer.text);
    await open(trello);
    const [row, ...others] = await counted();
    assert.deepEqual([row?.times, others], [2, []]);
  });

  it('is not counted while the answer is not settled, nor where nothing was answered', async () => {
    for (const address of [
      '/',
      '/answer?tool=trello&purpose=collaborate',
      '/check/use?tool=trello',
      '/answer?tool=trello&colour=blue',
      '/tools/trello',
    ])
      await open(address);
    await call(app.baseUrl, 'POST', '/api/v1/decisions', { body: { facts: { tool: 'trello' } } });
    await call(app.baseUrl, 'POST', '/api/v1/decisions', {
      body: { facts: { tool: 'trello', colour: 'x' } },
    });
    assert.deepEqual(await counted(), []);
  });

  it('counts names that nobody knows, folded, and holds none that can be read until five have asked about it', async () => {
    for (const name of ['Boardly', 'BOARDLY!', ' boardly ', 'Böardly']) await open(unknownTool(name));
    const [hidden, ...others] = Object.entries(await names());
    assert.match(hidden?.[0] ?? '', /^#[\w-]{43}$/);
    assert.deepEqual([hidden?.[1], others], [4, []]);
    await open(unknownTool('boardly'));
    assert.deepEqual(await names(), { boardly: 5 });
  });

  it('keeps of a pasted address its host alone', async () => {
    for (let time = 0; time < 5; time++)
      await open(unknownTool(`https://apitest.example/join/john-smith?token=secret${time}`));
    assert.equal((await names())['apitest example'], 5);
  });

  it('never keeps an e-mail address, a number, or what is too long for a name', async () => {
    const before = await names();
    for (const name of [
      'jo.bloggs@justice.gov.uk',
      'jo.bloggs＠justice.gov.uk',
      '02079460958',
      '0207 946 0958',
      '+44 (0)20-7946-0958',
      'QQ 12 34 56 C',
      'A1234BC 5678',
      '٠٢٠٧٩٤٦٠٩٥٨',
      '4111 1111 1111 1111',
      'x'.repeat(61),
      'a story of somebody that goes on and on until nobody can take it for the name of a tool',
    ])
      await open(unknownTool(name));
    assert.deepEqual(await names(), before);
    for (let time = 0; time < 5; time++) await open(unknownTool('Video 360 Pro'));
    assert.equal((await names())['video 360 pro'], 5);
  });

  it('stores no word of who asked', async () => {
    const { rows } = await sql<{
      sql: string;
    }>`select sql from sqlite_master where name in ('asked', 'unknown_names', 'unhelpful')`.execute(
      database.kysely,
    );
    assert.equal(rows.length, 3);
    for (const { sql: text } of rows)
      assert.doesNotMatch(text, /person|actor|address|device|session|\bat\b/i);
  });

  it('is shown to policy owners, rounded to fives, and never where it is fewer than five', async () => {
    const { usage } = app.memory.people.store;
    const count = (tool: string, times: number, organisation = 'hmpps', day = '2026-03-02') => ({
      day,
      tool,
      organisation,
      verdict: 'not-allowed',
      rule: 'made-up-rule',
      times,
    });
    await usage.add(
      [count('slack', 23), count('float', 4), count('github', 3, 'cica', '2026-03-03'), count('trello', 5)],
      [
        { day: '2026-03-02', name: 'often asked', hidden: '#1', times: 13 },
        { day: '2026-03-02', name: 'seldom asked', hidden: '#2', times: 4 },
      ],
    );
    const owner = await Person.signedIn(app.baseUrl, 'policy-owner');
    const page = await (await owner.get('/usage?from=2026-03-01&to=2026-03-31')).text();
    assert.match(page, /1 March 2026 to 31 March 2026: about 35 answers/);
    assert.match(page, />Slack<\/a><\/th><td[^>]*>25</);
    assert.match(page, />Trello<\/a><\/th><td[^>]*>5</);
    assert.doesNotMatch(page, />Float</);
    assert.doesNotMatch(page, />GitHub</i);
    assert.match(page, /2 more, with fewer than 5 each/);
    assert.match(page, />often asked<\/a><\/th><td[^>]*>15</);
    assert.doesNotMatch(page, /seldom asked/);
    assert.match(page, /2 March 2026: about 30</);
    assert.doesNotMatch(page, /3 March 2026/);
    assert.doesNotMatch(page, />(23|4|3|13|32)</);

    const made = await owner.send('/me/tokens', '/me/tokens', {
      label: 'Report',
      'endsOn-day': '22',
      'endsOn-month': '12',
      'endsOn-year': '2026',
      roles: 'policy-owner',
    });
    const token = /ctu_[\w-]+/.exec(await made.text())?.[0] ?? '';
    const { body } = await call(app.baseUrl, 'GET', '/api/v1/usage?from=2026-03-01&to=2026-03-31', {
      headers: { authorization: `Bearer ${token}` },
    });
    assert.equal(body.total, 35);
    assert.deepEqual(body.byTool, {
      shown: [
        { key: 'slack', times: 25 },
        { key: 'trello', times: 5 },
      ],
      hidden: 2,
    });
    assert.deepEqual(body.byOrganisation, { shown: [{ key: 'hmpps', times: 30 }], hidden: 1 });
    assert.deepEqual(body.unknownNames, [{ key: 'often asked', times: 15 }]);
    assert.deepEqual(
      body.perDay.filter(({ times }: { times: number | null }) => times !== null),
      [{ day: '2026-03-02', times: 30 }],
    );
  });

  it('says fewer than five where there are, and takes no span that is none', async () => {
    const owner = await Person.signedIn(app.baseUrl, 'policy-owner');
    const nothing = await (await owner.get('/usage?from=2026-05-01&to=2026-05-31')).text();
    assert.match(nothing, /fewer than 5 answers/);
    assert.doesNotMatch(nothing, /<svg class="app-chart"/);
    for (const [span, problem] of [
      ['from=31/11/2026', 'The first day must be a real date, such as 2026-11-22'],
      ['from=2026-02-30&to=2026-03-01', 'The first day must be a real date'],
      ['from=2026-03-02&to=2026-03-01', 'The last day must be the same as the first day or after it'],
      ['from=2020-01-01&to=2026-03-01', 'The last day must be within a year of the first day'],
    ]) {
      const answer = await owner.get(`/usage?${span}`);
      assert.equal(answer.status, 400, span);
      assert.match(await answer.text(), new RegExp(problem ?? ''), span);
    }
  });

  async function unhelpful(): Promise<readonly { readonly facts: Readonly<Record<string, string>> }[]> {
    return app.memory.people.store.usage.unhelpful(50);
  }

  it('takes that an answer did not help, with its facts alone', async () => {
    const answer = await (await fetch(new URL(trello, app.baseUrl))).text();
    assert.match(answer, /href="\/did-not-help\?[^"]*tool=trello/);
    const person = new Person(app.baseUrl);
    const page = trello.replace('/answer', '/did-not-help');
    const text = await (await person.get(page)).text();
    assert.match(text, /Trello/);
    assert.equal((await unhelpful()).length, 0, 'looking at the page sends nothing');
    const fields = Object.fromEntries(new URL(trello, app.baseUrl).searchParams);
    const sent = await person.send(page, '/did-not-help', fields);
    assert.equal(sent.status, 303);
    const thanks = await (await person.get(sent.headers.get('location') ?? '')).text();
    assert.match(thanks, /Thank you/);
    const [kept, ...others] = await unhelpful();
    assert.equal(others.length, 0);
    assert.deepEqual(kept?.facts, fields);
    const events = await app.memory.people.store.audit.search({}, 100);
    assert.ok(
      events.every(({ entry }) => !entry.includes('help')),
      'nobody is told who said so',
    );
  });

  it('keeps no name that nobody knows with an answer that did not help', async () => {
    const person = new Person(app.baseUrl);
    const page = unknownTool('The file of Jo Bloggs').replace('/answer', '/did-not-help');
    assert.match(await (await person.get(page)).text(), /The name of the tool is not sent/);
    const fields = Object.fromEntries(new URL(page, app.baseUrl).searchParams);
    assert.equal((await person.send(page, '/did-not-help', fields)).status, 303);
    const [kept] = await unhelpful();
    assert.equal(kept?.facts.tool, '(not in the catalogue)');
    assert.doesNotMatch(JSON.stringify(kept), /Bloggs/i);
    const owner = await Person.signedIn(app.baseUrl, 'policy-owner');
    const shown = await (await owner.get('/usage')).text();
    assert.doesNotMatch(shown.slice(shown.indexOf('Answers that did not help')), /Bloggs/i);
  });

  it('takes nothing that is no question of an answer, and nothing twice without a new form', async () => {
    const person = new Person(app.baseUrl);
    const before = (await unhelpful()).length;
    const token = await person.tokenOn(trello.replace('/answer', '/did-not-help'));
    for (const fields of [{ colour: 'blue' }, { tool: 'trello', purpose: '<script>' }] as Record<
      string,
      string
    >[]) {
      const answer = await person.post('/did-not-help', { _csrf: token, ...fields });
      assert.equal(answer.status, 422);
    }
    assert.equal((await person.post('/did-not-help', { tool: 'trello' })).status, 403);
    assert.equal((await person.get('/did-not-help')).status, 302);
    assert.equal((await unhelpful()).length, before);
  });
});
