import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { startApp, type TestApp } from '#test/support/app.ts';
import { Person } from '#test/support/person.ts';
import { sendBytes, statusesIn } from '#test/support/raw-http.ts';

/** Twenty requests a minute, and two that change something. */
const few = { REQUESTS_PER_MINUTE: '20' };

async function withApp(env: Record<string, string>, work: (app: TestApp) => Promise<void>): Promise<void> {
  const app = await startApp({ env });
  try {
    await work(app);
  } finally {
    await app.close();
  }
}

/** The statuses of requests one after the other. */
async function statusesOf(count: number, ask: () => Promise<Response>): Promise<number[]> {
  const statuses: number[] = [];
  for (let turn = 0; turn < count; turn++) statuses.push((await ask()).status);
  return statuses;
}

describe('how often one address may ask', () => {
  const kinds: readonly (readonly [what: string, path: string, init: RequestInit])[] = [
    ['a page', '/', {}],
    ['a page that is kept', '/?organisation=hmcts', {}],
    ['an address where nothing is', '/nothing', {}],
    ['an asset that is not there', '/nothing.js', {}],
    ['a page that is for one person', '/me', {}],
    ['a page with a key that is none', '/me', { headers: { cookie: 'session=x' } }],
    ['a call', '/api/v1/facts', {}],
    ['a call with a token that is none', '/api/v1/me', { headers: { authorization: 'Bearer ctu_x' } }],
    ['another method of a call', '/api/v1/facts', { method: 'DELETE' }],
    [
      'a decision',
      '/api/v1/decisions',
      { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{"facts":{}}' },
    ],
    ['a page with the wrong method', '/check', { method: 'PUT' }],
  ];
  for (const [what, path, init] of kinds) {
    it(`counts ${what}`, () =>
      withApp(few, async ({ baseUrl }) => {
        const ask = () => fetch(baseUrl + path, { ...init, redirect: 'manual' });
        // What is no GET changes something, unless it is a call that is for everyone: none of them does.
        const isReading = init.method === undefined || path.startsWith('/api/');
        const statuses = await statusesOf(22, ask);
        assert.deepEqual(
          statuses.map((status) => status === 429),
          Array.from({ length: 22 }, (_, turn) => turn >= (isReading ? 20 : 2)),
          statuses.join(' '),
        );
      }));
  }

  it('is told in the form of the surface, with when to come back', () =>
    withApp(few, async ({ baseUrl }) => {
      await statusesOf(20, () => fetch(`${baseUrl}/ping?`).then(() => fetch(baseUrl)));
      const page = await fetch(baseUrl);
      assert.equal(page.status, 429);
      assert.match(await page.text(), /<h1[^>]*>Too many requests<\/h1>[\s\S]*Wait a minute and try again/);
      const call = await fetch(`${baseUrl}/api/v1/facts`);
      assert.equal(call.headers.get('content-type'), 'application/problem+json; charset=utf-8');
      const { code, detail } = (await call.json()) as { code: string; detail: string };
      assert.equal(code, 'too-many-requests');
      assert.equal(detail, 'Your network address may make no more requests this minute.');
      for (const { headers } of [page, call]) {
        const seconds = Number(headers.get('retry-after'));
        assert.ok(seconds >= 1 && seconds <= 60, headers.get('retry-after') ?? 'no Retry-After');
        assert.equal(headers.get('cache-control'), 'no-store');
      }
    }));

  it('never keeps from asking whether the service is well, nor from the style of a page', () =>
    withApp(few, async ({ baseUrl }) => {
      const styles = /href="(\/assets\/styles[^"]+)"/.exec(await (await fetch(baseUrl)).text())?.[1] ?? '';
      await statusesOf(25, () => fetch(baseUrl));
      assert.equal((await fetch(baseUrl)).status, 429);
      for (const path of ['/health', '/ping', '/info', styles])
        assert.deepEqual(new Set(await statusesOf(30, () => fetch(baseUrl + path))), new Set([200]), path);
    }));

  it('is a tenth of it for what changes something', () =>
    withApp(few, async ({ baseUrl }) => {
      const person = new Person(baseUrl);
      const statuses = await statusesOf(3, () =>
        person.send('/sign-in', '/sign-in/trial', { person: 'nobody' }),
      );
      assert.deepEqual(statuses, [400, 400, 429]);
    }));

  it('counts all addresses of one IPv6 network as one', () =>
    withApp({ ...few, TRUST_PROXY: 'true' }, async ({ baseUrl }) => {
      const from = (address: string) => () => fetch(baseUrl, { headers: { 'x-forwarded-for': address } });
      for (let turn = 0; turn < 20; turn++) await from(`2001:db8:1:2::${turn.toString(16)}`)();
      assert.equal((await from('2001:db8:1:2:ffff::1')()).status, 429);
      assert.equal((await from('2001:db8:1:3::1')()).status, 200);
    }));

  it('writes nothing to the audit trail for what is beyond it', () =>
    withApp({ REQUESTS_PER_MINUTE: '30' }, async ({ baseUrl, memory }) => {
      const person = await Person.signedIn(baseUrl, 'asker');
      const statuses = await statusesOf(60, () => person.get('/audit'));
      assert.ok(statuses.includes(403) && statuses.includes(429));
      const events = await memory.people.store.audit.search({ action: 'access-refused' }, 500);
      assert.equal(events.length, statuses.filter((status) => status === 403).length);
    }));
});

describe('how often one person may ask', () => {
  it('is counted over all addresses, browsers and tokens of the person', () =>
    withApp({ REQUESTS_PER_MINUTE: '100', TRUST_PROXY: 'true' }, async ({ baseUrl }) => {
      const person = await Person.signedIn(baseUrl, 'administrator');
      const made = await person.send('/me/tokens', '/me/tokens', {
        label: 'Many addresses',
        'endsOn-day': '22',
        'endsOn-month': '12',
        'endsOn-year': '2026',
      });
      const token = /ctu_[\w-]+/.exec(await made.text())?.[0] ?? '';
      let turn = 0;
      const other = () => ({ 'x-forwarded-for': `10.0.${turn % 7}.${turn++}` });
      assert.ok((await statusesOf(60, () => person.get('/me', other()))).every((status) => status === 200));
      const call = () => person.get('/api/v1/me', { ...other(), authorization: `Bearer ${token}` });
      const statuses = await statusesOf(60, call);
      assert.equal(statuses[0], 200);
      assert.equal(statuses.at(-1), 429);
      const refused = await call();
      assert.match(refused.headers.get('retry-after') ?? '', /^\d+$/);
      assert.equal(
        ((await refused.json()) as { detail: string }).detail,
        'Your account may make no more requests this minute.',
      );
      const another = await Person.signedIn(baseUrl, 'asker');
      assert.equal((await another.get('/me', other())).status, 200);
    }));
});

describe('the address of a caller', () => {
  const from = (baseUrl: string, forwarded: string) =>
    fetch(baseUrl, {
      headers: { 'x-forwarded-for': forwarded, forwarded: `for=${forwarded}`, 'x-real-ip': forwarded },
    });

  it('is that of the connection, whatever a header says', () =>
    withApp(few, async ({ baseUrl }) => {
      let turn = 0;
      const statuses = await statusesOf(21, () => from(baseUrl, `10.1.2.${turn++}`));
      assert.equal(statuses.at(-1), 429);
    }));

  it('is the one that the proxy in front saw, and not what stood in the header before', () =>
    withApp({ ...few, TRUST_PROXY: 'true' }, async ({ baseUrl }) => {
      let turn = 0;
      const statuses = await statusesOf(21, () => from(baseUrl, `10.9.9.${turn++}, 192.0.2.1`));
      assert.equal(statuses.at(-1), 429);
      assert.equal((await from(baseUrl, '192.0.2.2')).status, 200);
    }));

  it('is believed from the proxies that are named, and from nobody else', async () => {
    await withApp({ ...few, TRUST_PROXY: '127.0.0.1, 10.0.0.0/8' }, async ({ baseUrl }) => {
      let turn = 0;
      const statuses = await statusesOf(21, () => from(baseUrl, `203.0.113.${turn++}, 192.0.2.1, 10.1.1.1`));
      assert.equal(statuses.at(-1), 429);
      assert.equal((await from(baseUrl, '192.0.2.2, 10.1.1.1')).status, 200);
    });
    await withApp({ ...few, TRUST_PROXY: '10.0.0.0/8' }, async ({ baseUrl }) => {
      let turn = 0;
      assert.equal((await statusesOf(21, () => from(baseUrl, `192.0.2.${turn++}`))).at(-1), 429);
    });
  });

  it('in the audit trail is the one that is believed', () =>
    withApp({ TRUST_PROXY: 'true' }, async ({ baseUrl, memory }) => {
      const person = await Person.signedIn(baseUrl, 'asker');
      await person.get('/audit', { 'x-forwarded-for': '<script>, 192.0.2.7' });
      const [event] = await memory.people.store.audit.search({ action: 'access-refused' }, 1);
      assert.match(event?.payload ?? '', /"from":"192\.0\.2\.7"/);
    }));
});

describe('how much may be sent', () => {
  it('is 64 kilobytes of a body, 8,000 characters of an address and 128 kilobytes of headers, each told apart', () =>
    withApp({}, async ({ baseUrl }) => {
      const form = (length: number) =>
        fetch(`${baseUrl}/sign-in/trial`, {
          method: 'POST',
          headers: { 'content-type': 'application/x-www-form-urlencoded' },
          body: `person=${'x'.repeat(length)}`,
        });
      assert.equal((await form(60_000)).status, 403);
      assert.equal((await form(70_000)).status, 413);
      assert.equal((await fetch(`${baseUrl}/tools?q=${'x'.repeat(7_900)}`)).status, 200);
      assert.equal((await fetch(`${baseUrl}/tools?q=${'x'.repeat(8_000)}`)).status, 414);
      const head = (length: number) =>
        sendBytes(
          baseUrl,
          `GET / HTTP/1.1\r\nHost: localhost\r\nX: ${'x'.repeat(length)}\r\nConnection: close\r\n\r\n`,
        );
      assert.deepEqual(statusesIn(await head(16_000)), [200]);
      assert.deepEqual(statusesIn(await head(140_000)), [431]);
      const many = Array.from({ length: 6_000 }, (_, number) => `X${number}: ${'y'.repeat(20)}`).join('\r\n');
      assert.deepEqual(
        statusesIn(await sendBytes(baseUrl, `GET / HTTP/1.1\r\nHost: a\r\n${many}\r\n\r\n`)),
        [431],
      );
    }));

  it('is one request at a time: what could be read as two is refused', () =>
    withApp({}, async ({ baseUrl }) => {
      const smuggled = 'GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n';
      const heads = [
        `Content-Length: ${smuggled.length}\r\nTransfer-Encoding: chunked`,
        `Content-Length: 0\r\nContent-Length: ${smuggled.length}`,
        'Transfer-Encoding: chunked\r\nTransfer-Encoding: identity',
        'Transfer-Encoding: xchunked',
        'Transfer-Encoding : chunked',
        'Content-Length: +1',
        'Content-Length: 1, 1',
        'Content-Length: 0x1',
      ];
      for (const head of heads) {
        const received = await sendBytes(
          baseUrl,
          `POST /api/v1/decisions HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n${head}\r\n\r\n0\r\n\r\n${smuggled}`,
          { limitMs: 1_000 },
        );
        assert.deepEqual(statusesIn(received), [400], head);
      }
    }));
});
