import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import { createRequire } from 'node:module';
import net from 'node:net';
import { after, before, describe, it } from 'node:test';

import { type Config, readConfig } from './config.ts';
import { ServiceError } from './errors.ts';
import { inlineScriptHash } from './security-headers.ts';
import { closeGracefully, createServer, defaultTimeouts, type Timeouts } from './server.ts';

describe('the server', () => {
  const lines: string[] = [];
  let address: string;
  let port: number;
  let server: Awaited<ReturnType<typeof newServer>>;
  before(async () => {
    server = await newServer({}, lines);
    address = await server.listen({ port: 0, host: '127.0.0.1' });
    port = Number(new URL(address).port);
  });
  after(() => closeGracefully(server));

  const cases: readonly (readonly [what: string, path: string, status: number, code: string])[] = [
    ['an address where nothing is', '/nothing', 404, 'not-found'],
    ['a broken percent code in the path', '/thing/%zz', 400, 'bad-address'],
    ['a broken percent code in the query', '/thing/a?q=%', 400, 'bad-address'],
    ['bytes that are not UTF-8', '/thing/%ff', 400, 'bad-address'],
    ['a control character in the path', '/thing/%00', 400, 'bad-address'],
    ['a control character in the query', '/thing/a?q=a%0d%0ab', 400, 'bad-address'],
    ['an address of more than 8,000 characters', `/thing/a?q=${'x'.repeat(8_000)}`, 414, 'address-too-long'],
    ['two slashes', '//thing/a', 404, 'not-found'],
    ['a service error', '/refuse', 422, 'invalid-facts'],
    ['a mistake in the code', '/fail', 500, 'internal'],
  ];
  for (const [what, path, status, code] of cases) {
    it(`answers ${what} with ${status} in the form of the surface, with the security headers`, async () => {
      const response = await fetch(address + path);
      const problem = (await response.json()) as { code: string; address: string };
      assert.equal(response.status, status);
      assert.equal(problem.code, code);
      assert.equal(problem.address, path);
      assert.ok(response.headers.get('content-security-policy')?.includes("default-src 'none'"));
      assert.equal(response.headers.get('x-content-type-options'), 'nosniff');
      assert.equal(response.headers.get('referrer-policy'), 'no-referrer');
    });
  }

  const bodies: readonly (readonly [what: string, type: string, body: string, status: number])[] = [
    ['a body that is not JSON', 'application/json', '{"a":', 400],
    ['an empty body', 'application/json', '', 400],
    ['a body of another kind', 'text/csv', 'a,b', 415],
    ['a body over 64 kilobytes', 'application/json', JSON.stringify('x'.repeat(65_536)), 413],
    ['a body with a poisoned prototype', 'application/json', '{"__proto__":{}}', 400],
  ];
  for (const [what, type, body, status] of bodies) {
    it(`answers ${what} with ${status}`, async () => {
      const response = await fetch(`${address}/thing`, {
        method: 'POST',
        headers: { 'content-type': type },
        body,
      });
      assert.equal(response.status, status, await response.text());
    });
  }

  it('gives all values of a parameter that stands twice in the query', async () => {
    const response = await fetch(`${address}/thing/a?q=one+two&q=%C3%A9&r=`);
    assert.deepEqual(await response.json(), { id: 'a', query: { q: ['one two', 'é'], r: '' } });
  });

  it('answers what is not HTTP with 400, and headers without end with 431', async () => {
    assert.match(await sendRaw(port, 'hello\r\n\r\n'), /^HTTP\/1\.1 400 Bad Request\r\n/);
    const endless = `GET / HTTP/1.1\r\nHost: a\r\nX: ${'x'.repeat(140_000)}\r\n\r\n`;
    assert.match(await sendRaw(port, endless), /^HTTP\/1\.1 431 /);
  });

  it('answers a request that does not arrive with 408', async () => {
    const impatient = await newServer({}, [], { headersMs: 50, requestMs: 100, checkMs: 20 });
    const own = Number(new URL(await impatient.listen({ port: 0, host: '127.0.0.1' })).port);
    assert.match(await sendRaw(own, 'GET / HTTP/1.1\r\nHost: a\r\n'), /^HTTP\/1\.1 408 Request Timeout\r\n/);
    const body =
      'POST /thing HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\r\n{';
    assert.match(await sendRaw(own, body), /^HTTP\/1\.1 408 Request Timeout\r\n/);
    await closeGracefully(impatient);
  });

  it('looks for requests that are late more often than they may take', () => {
    const { headersMs, requestMs, checkMs } = defaultTimeouts;
    assert.equal(server.server.headersTimeout, headersMs);
    assert.equal(server.server.requestTimeout, requestMs);
    assert.ok(checkMs < headersMs && headersMs < requestMs && requestMs + checkMs <= 30_000);
  });

  for (const [what, path, length] of [
    ['says its length', '/thing', 'Content-Length: 100000000'],
    ['does not say its length', '/thing', 'Transfer-Encoding: chunked'],
    ['goes nowhere', '/nothing', 'Content-Length: 100000000'],
  ] as const) {
    it(`answers once, whole and with an end, a body that is too long, never ends and ${what}`, async () => {
      // The request is late before the connection is closed: nothing may be said of that.
      const closing = await newServer({}, [], {
        headersMs: 50,
        requestMs: 50,
        checkMs: 20,
        unwantedBodyMs: 300,
      });
      const own = Number(new URL(await closing.listen({ port: 0, host: '127.0.0.1' })).port);
      const part = length.startsWith('T') ? `20000\r\n${'x'.repeat(0x20000)}\r\n` : 'x'.repeat(0x20000);
      const head = `POST ${path} HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n${length}\r\n\r\n`;
      const received = await sendRaw(own, head + part);
      assert.match(received, /^HTTP\/1\.1 4(13|04) /);
      assert.match(received, /\r\nconnection: close\r\n/i);
      assert.match(received, /\r\n\r\n\{"status":4(13|04),.*\}$/);
      await closeGracefully(closing);
    });
  }

  it('puts a reference on the answer and in the log when something failed', async () => {
    const problem = (await (await fetch(`${address}/fail`)).json()) as { reference: string };
    assert.match(problem.reference, /^\w{4}-\w{4}$/);
    assert.ok(lines.some((line) => line.includes(problem.reference) && line.includes('server.test.ts')));
  });

  it('logs the route, the status and the time, and never what was asked', async () => {
    lines.length = 0;
    await fetch(`${address}/thing/asked-tool?purpose=asked-purpose`, {
      headers: { 'x-asked': 'asked-header' },
    });
    await fetch(`${address}/fail?purpose=asked-purpose`);
    await fetch(`${address}/asked-nothing?%`);
    const logged = lines.map((line) => JSON.parse(line)).filter((line) => line.msg === 'answered');
    assert.deepEqual(
      logged.map(({ method, route, status }) => [method, route, status]),
      [
        ['GET', '/thing/:id', 200],
        ['GET', '/fail', 500],
        ['GET', 'none', 400],
      ],
    );
    for (const line of logged) assert.equal(typeof line.ms, 'number');
    assert.ok(!lines.join('').includes('asked'), lines.join(''));
  });

  it('asks for https only where BASE_URL has it', async () => {
    const overHttp = await fetch(`${address}/thing/a`);
    assert.equal(overHttp.headers.get('strict-transport-security'), null);
    assert.ok(!overHttp.headers.get('content-security-policy')?.includes('upgrade-insecure-requests'));

    const secure = await newServer({ BASE_URL: 'https://tools.example.org' }, []);
    const { headers } = await secure.inject('/thing/a');
    assert.equal(headers['strict-transport-security'], 'max-age=31536000; includeSubDomains');
    assert.ok(String(headers['content-security-policy']).includes('upgrade-insecure-requests'));
    await secure.close();
  });

  it('finishes a running request before it closes', async () => {
    const closing = await newServer({}, []);
    const slow = fetch(`${await closing.listen({ port: 0, host: '127.0.0.1' })}/slow`);
    await new Promise((resolve) => setTimeout(resolve, 50));
    await closeGracefully(closing);
    assert.equal((await slow).status, 200);
  });
});

it('the hash in the Content-Security-Policy is the one of the script in GOV.UK Frontend', () => {
  const template = createRequire(import.meta.url).resolve('govuk-frontend/dist/govuk/template.njk');
  const script =
    fs.readFileSync(template, 'utf8').match(/<script[^>]*>(document\.body.*?)<\/script>/)?.[1] ?? '';
  assert.equal(inlineScriptHash, `sha256-${createHash('sha256').update(script).digest('base64')}`);
});

async function newServer(env: Record<string, string>, lines: string[], timeouts: Partial<Timeouts> = {}) {
  const server = await createServer({
    timeouts: { ...defaultTimeouts, ...timeouts },
    config: configOf(env),
    log: { write: (line) => lines.push(line) },
    onProblem: (request, reply, problem) => reply.send({ ...problem, address: request.originalUrl }),
  });
  server.get<{ Params: { id: string } }>('/thing/:id', async (request) => ({
    id: request.params.id,
    query: request.query,
  }));
  server.post('/thing', async () => ({}));
  server.get('/refuse', async () => {
    throw new ServiceError('invalid-facts', 'no');
  });
  server.get('/fail', async () => {
    throw new Error('asked something that a library quotes');
  });
  server.get('/slow', async () => {
    await new Promise((resolve) => setTimeout(resolve, 200));
    return {};
  });
  return server;
}

function configOf(env: Record<string, string>): Config {
  const result = readConfig(env);
  assert.ok(result.ok);
  return result.config;
}

function sendRaw(port: number, text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let received = '';
    const socket = net.connect(port, '127.0.0.1', () => socket.write(text));
    socket.setEncoding('utf8');
    socket.on('data', (data) => {
      received += data;
    });
    socket.on('close', () => resolve(received));
    socket.on('error', reject);
  });
}
