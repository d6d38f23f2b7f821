import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { startApp, type TestApp } from '#test/support/app.ts';
import { testDay } from '#test/support/guidance.ts';
import { Person } from '#test/support/person.ts';
import { sendBytes, statusesIn } from '#test/support/raw-http.ts';

let app: TestApp;
let secure: TestApp;
let administrator: Person;
before(async () => {
  app = await startApp();
  secure = await startApp({ env: { BASE_URL: 'https://tools.example.org' } });
  administrator = await Person.signedIn(app.baseUrl, 'administrator');
});
after(async () => {
  await app.close();
  await secure.close();
});

/** Every address that can be read, with something in its variable parts that exists. */
function addresses(): string[] {
  const urls = app.server.routeActions.filter(({ method }) => method === 'GET').map(({ url }) => url);
  return [...new Set(urls)].map((url) => url.replace(/:id|:kind|:page|:fact|\*/g, 'trello'));
}

async function answersOfEveryKind(): Promise<readonly (readonly [what: string, answer: Response])[]> {
  const get = (path: string, init: RequestInit = {}) =>
    fetch(app.baseUrl + path, { redirect: 'manual', ...init });
  const asset = /href="(\/assets\/styles[^"]+)"/.exec(await (await get('/')).text())?.[1] ?? '';
  const etag = (await get('/')).headers.get('etag') ?? '';
  const post = { method: 'POST', headers: { 'content-type': 'application/json' } };
  const special: readonly (readonly [string, Promise<Response>])[] = [
    ['an asset', get(asset)],
    ['an asset that is not there', get('/assets/nothing.js')],
    ['nothing', get('/nothing')],
    ['HEAD', get('/', { method: 'HEAD' })],
    ['a page that the browser has', get('/', { headers: { 'if-none-match': etag } })],
    ['another method', get('/check', { method: 'DELETE' })],
    ['OPTIONS of a page', get('/check', { method: 'OPTIONS' })],
    ['OPTIONS of the API', get('/api/v1/decisions', { method: 'OPTIONS' })],
    ['an address that cannot be read', get('/tools/%ff')],
    ['an address that is too long', get(`/find?q=${'x'.repeat(8_000)}`)],
    ['a body that is too long', get('/api/v1/decisions', { ...post, body: 'x'.repeat(70_000) })],
    ['a body that is not JSON', get('/api/v1/decisions', { ...post, body: '{' })],
    ['a decision', get('/api/v1/decisions', { ...post, body: '{"facts":{"tool":"trello"}}' })],
    ['a form without its token', get('/sign-out', { method: 'POST', body: new URLSearchParams() })],
    ['a form as JSON', get('/sign-in/trial', { ...post, body: '{}' })],
    ['the CSV of the trail', administrator.send('/audit', '/audit/export', { format: 'csv' })],
    ['the head of the trail', administrator.send('/audit', '/audit/head')],
  ];
  const answers: (readonly [string, Response])[] = [];
  for (const [what, answer] of special) answers.push([what, await answer]);
  for (const path of addresses()) {
    answers.push([path, await get(path)]);
    answers.push([`${path}, signed in`, await administrator.get(path)]);
  }
  return answers;
}

describe('every answer', () => {
  it('has the headers of the front door, whatever kind of answer it is', async () => {
    const answers = await answersOfEveryKind();
    const statuses = new Set(answers.map(([, { status }]) => status));
    for (const status of [200, 204, 302, 304, 400, 401, 403, 404, 405, 413, 414, 415])
      assert.ok(statuses.has(status), `no answer with ${status}`);
    for (const [what, { headers, status }] of answers) {
      const policy = headers.get('content-security-policy') ?? '';
      for (const part of [
        "default-src 'none'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
        "object-src 'none'",
      ])
        assert.ok(policy.includes(part), `${what}: ${part}`);
      assert.doesNotMatch(policy, /unsafe|\*|https?:/, what);
      assert.match(policy, /script-src 'self' 'sha256-[\w+/]{43}=';style-src 'self';/, what);
      for (const [name, value] of [
        ['x-content-type-options', 'nosniff'],
        ['referrer-policy', 'no-referrer'],
        ['x-frame-options', 'DENY'],
        ['cross-origin-opener-policy', 'same-origin'],
        ['cross-origin-resource-policy', 'same-origin'],
        ['strict-transport-security', null],
        ['access-control-allow-origin', null],
        ['server', null],
        ['x-powered-by', null],
      ] as const)
        assert.equal(headers.get(name), value, `${what}: ${name}`);
      assert.match(headers.get('permissions-policy') ?? '', /camera=\(\).*microphone=\(\)/, what);
      const type = headers.get('content-type');
      if (type?.startsWith('text/')) assert.match(type, /; charset=utf-8/, what);
      if (status !== 204 && status !== 304 && status < 300) assert.ok(type, `${what} has no type`);
    }
  });

  it('over TLS says that nothing else is to be used for a year', async () => {
    for (const path of ['/', '/nothing', '/sign-in', '/api/v1/facts', '/health', '/tools/%ff']) {
      const { headers } = await fetch(secure.baseUrl + path, { redirect: 'manual' });
      assert.equal(headers.get('strict-transport-security'), 'max-age=31536000; includeSubDomains', path);
      assert.match(headers.get('content-security-policy') ?? '', /;upgrade-insecure-requests/, path);
    }
  });

  it('says whether it may be kept: what is for one person nowhere, what is for everyone without a cookie', async () => {
    for (const path of addresses()) {
      const asNobody = await fetch(app.baseUrl + path, { redirect: 'manual' });
      const keeping = asNobody.headers.get('cache-control') ?? '';
      assert.match(keeping, /^(no-store|no-cache|public|private)/, path);
      if (keeping.includes('no-store')) continue;
      assert.deepEqual(asNobody.headers.getSetCookie(), [], `${path} may be kept and sets a cookie`);
      const signedIn = await administrator.get(path);
      assert.equal(signedIn.headers.get('cache-control'), keeping, path);
      if (asNobody.status === 200 && !path.startsWith('/policy/proof'))
        assert.equal(await signedIn.text(), await asNobody.text(), `${path} depends on who asks`);
    }
    for (const path of ['/me', '/me/sessions', '/me/tokens', '/audit', '/audit/check', '/usage', '/sign-in'])
      assert.equal((await administrator.get(path)).headers.get('cache-control'), 'no-store', path);
  });

  it('that only asks sets no cookie', async () => {
    const asking = addresses().filter((path) => !/^\/(sign-|signed-|me|audit|usage|did-not-help)/.test(path));
    assert.ok(asking.length >= 30, `${asking.length}`);
    for (const path of [...asking, '/check?tool=trello', '/answer?tool=trello&account=work']) {
      const answer = await fetch(app.baseUrl + path, { redirect: 'manual' });
      assert.deepEqual(answer.headers.getSetCookie(), [], path);
    }
  });

  it('to a cross-origin request allows nothing', async () => {
    const headers = { origin: 'https://elsewhere.example', 'access-control-request-method': 'POST' };
    for (const method of ['GET', 'OPTIONS', 'POST']) {
      const answer = await fetch(`${app.baseUrl}/api/v1/decisions`, { method, headers });
      for (const [name] of answer.headers) assert.doesNotMatch(name, /^access-control-/, method);
    }
  });

  it('to a method that nothing takes is a refusal, TRACE and CONNECT too', async () => {
    for (const method of ['TRACE', 'CONNECT', 'PROPFIND', 'PUT', 'DELETE', 'PATCH'])
      for (const path of ['/', '/me', '/api/v1/facts', '/assets/x', '/health']) {
        const received = await sendBytes(
          app.baseUrl,
          `${method} ${path} HTTP/1.1\r\nHost: localhost\r\nSecret: s3cret\r\nConnection: close\r\n\r\n`,
        );
        for (const status of statusesIn(received))
          assert.ok([400, 404, 405].includes(status), `${method} ${path}`);
        assert.ok(!received.includes('s3cret'), `${method} ${path} sends back what it was sent`);
      }
  });
});

describe('a redirect', () => {
  const hostile = [
    'https://elsewhere.example',
    '//elsewhere.example',
    '///elsewhere.example',
    '/\\elsewhere.example',
    '\\\\elsewhere.example',
    '/\t/elsewhere.example',
    '/\n/elsewhere.example',
    '\t//elsewhere.example',
    ' //elsewhere.example',
    '/.//elsewhere.example',
    '/./..//elsewhere.example',
    '/x/..//elsewhere.example',
    '/%2e//elsewhere.example',
    '/%2f/../..//elsewhere.example',
    'javascript:alert(1)',
    'data:text/html,x',
    'http:elsewhere.example',
    'http:/elsewhere.example',
    'https:///elsewhere.example',
    '/@elsewhere.example/../..//elsewhere.example',
    '@elsewhere.example',
    '.elsewhere.example',
    ':80',
    '/\u2028/elsewhere.example',
    '/\u0000/elsewhere.example',
    '/sign-in?return=//elsewhere.example',
    '/sign-out',
    '',
    'x'.repeat(3_000),
  ];

  it('after signing in leads nowhere but here, whatever `return` says', async () => {
    for (const wanted of hostile) {
      const person = new Person(app.baseUrl);
      const answer = await person.send('/sign-in', '/sign-in/trial', { person: 'asker', return: wanted });
      // Nobody can type it, and a form that holds it is refused.
      const isRefused = wanted.includes('\u0000');
      assert.equal(answer.status, isRefused ? 400 : 303, wanted);
      if (!isRefused) assertStaysHere(answer, wanted);
      const again = await person.get(`/sign-in?${new URLSearchParams({ return: wanted })}`);
      if (again.status !== 400) assertStaysHere(again, wanted);
    }
  });

  it('to sign in brings back where somebody was, and nowhere else', async () => {
    const person = new Person(app.baseUrl);
    const sent = await person.get('/audit?action=signed-in&from=2026-11-01');
    const address = sent.headers.get('location') ?? '';
    const back = new URL(address, app.baseUrl).searchParams.get('return') ?? '';
    const answer = await person.send(address, '/sign-in/trial', { person: 'administrator', return: back });
    assert.equal(answer.headers.get('location'), '/audit?action=signed-in&from=2026-11-01');
  });

  it('while asking leads nowhere but here, whatever stands in the address', async () => {
    for (const wanted of hostile) {
      const query = new URLSearchParams({ tool: wanted, organisation: wanted, return: wanted });
      for (const path of ['/check', '/check/which', '/answer', '/share', '/did-not-help']) {
        const answer = await fetch(`${app.baseUrl}${path}?${query}`, { redirect: 'manual' });
        if (answer.headers.has('location')) assertStaysHere(answer, `${path} ${wanted}`);
      }
    }
  });

  function assertStaysHere({ headers }: Response, what: string): void {
    const location = headers.get('location') ?? '';
    assert.match(location, /^\/(?![/\\])/, `${what} → ${location}`);
    assert.equal(new URL(location, 'http://here.example').origin, 'http://here.example', what);
  }
});

describe('the trial sign-in', () => {
  it('is refused under any name but that of this machine, such as one that somebody else gave to it', async () => {
    const ask = (host: string) =>
      sendBytes(app.baseUrl, `GET /sign-in HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`);
    for (const host of ['localhost', 'localhost:3000', '127.0.0.1:3000', '[::1]:3000', 'LOCALHOST'])
      assert.deepEqual(statusesIn(await ask(host)), [200], host);
    for (const host of [
      'elsewhere.example',
      'elsewhere.example:3000',
      'localhost.elsewhere.example',
      '127.0.0.1.nip.io',
    ])
      assert.deepEqual(statusesIn(await ask(host)), [403], host);
  });

  it('is refused to whoever comes through a proxy, also one that says `localhost`', async () => {
    const person = new Person(app.baseUrl);
    const token = await person.tokenOn('/sign-in');
    const cookie = [...person.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    for (const [name, value] of [
      ['x-forwarded-for', '192.0.2.1'],
      ['forwarded', 'for=192.0.2.1'],
      ['via', '1.1 proxy'],
    ] as const) {
      assert.equal((await person.get('/sign-in', { [name]: value })).status, 403, name);
      const body = new URLSearchParams({ _csrf: token, person: 'administrator' });
      const headers = { cookie, [name]: value };
      const posted = await fetch(`${app.baseUrl}/sign-in/trial`, { method: 'POST', headers, body });
      assert.match(await posted.text(), /works at http:\/\/localhost only/, name);
    }
  });
});

describe('security.txt', () => {
  it('says whom to tell of a hole, as RFC 9116 asks for', async () => {
    const answer = await fetch(`${secure.baseUrl}/.well-known/security.txt`);
    assert.equal(answer.headers.get('content-type'), 'text/plain; charset=utf-8');
    const lines = (await answer.text()).trimEnd().split('\n');
    const fields = new Map(lines.map((line) => [line.split(': ')[0], line.split(': ').slice(1).join(': ')]));
    assert.equal(fields.size, lines.length, 'a field stands twice');
    assert.match(fields.get('Contact') ?? '', /^(mailto:[^\s@]+@[^\s@]+|https:\/\/\S+)$/);
    const expires = fields.get('Expires') ?? '';
    assert.match(expires, /^\d{4}-\d\d-\d\dT00:00:00Z$/);
    const days = (Date.parse(expires) - Date.parse(testDay)) / 86_400_000;
    assert.ok(days > 30 && days < 365, expires);
    assert.equal(fields.get('Canonical'), 'https://tools.example.org/.well-known/security.txt');
  });
});
