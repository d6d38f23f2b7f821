import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import { routes } from '#api/routes.ts';
import { type ApiAnswer, assertAsDescribed, call, type Json } from '#test/support/api.ts';
import { startApp, type TestApp } from '#test/support/app.ts';

let server: TestApp;
let document: Json;
before(async () => {
  server = await startApp();
  document = (await call(server.baseUrl, 'GET', '/api/v1/openapi.json')).body;
});
after(() => server.close());

/** Every error is `application/problem+json`, in English, never kept by a cache, and never a failure of ours. */
function assertProblem(answer: ApiAnswer, status: number, code: string): Json {
  assert.equal(answer.status, status, answer.text);
  assert.match(answer.headers.get('content-type') ?? '', /^application\/problem\+json/);
  assert.equal(answer.headers.get('content-language'), 'en');
  assert.equal(answer.headers.get('cache-control'), 'no-store');
  assert.equal(answer.body.status, status);
  assert.equal(answer.body.code, code);
  assert.equal(answer.body.type, `/api#${code}`);
  for (const field of ['title', 'detail']) assert.ok(answer.body[field].length > 5, answer.text);
  return answer.body;
}

describe('a body that cannot be used', () => {
  type Case = readonly [
    what: string,
    body: unknown,
    status: number,
    code: string,
    errors?: readonly (readonly [string, RegExp, string?])[],
  ];
  const cases: readonly Case[] = [
    [
      'an unknown fact',
      { facts: { acount: 'work' } },
      422,
      'invalid-facts',
      [['/facts/acount', /^unknown fact `acount`$/, 'account']],
    ],
    [
      'an unknown value',
      { facts: { account: 'wrok' } },
      422,
      'invalid-facts',
      [['/facts/account', /^unknown value `wrok` of `account`: it can be work, /, 'work']],
    ],
    [
      'something to include that is no text and has its own idea of one',
      { facts: {}, include: [{ toString: 1 }] },
      422,
      'invalid-facts',
      [['/include/0', /^`\{…\}` cannot be included: /]],
    ],
    [
      'something to include that is deeper than any stack',
      `{"facts":{},"include":[${'['.repeat(30_000)}${']'.repeat(30_000)}]}`,
      422,
      'invalid-facts',
      [['/include/0', /^`\[…\]` cannot be included: /]],
    ],
    [
      'a fact with several values',
      { facts: { account: ['work', 'personal'] } },
      422,
      'invalid-facts',
      [['/facts/account', /more than once/]],
    ],
    [
      'a fact twice',
      '{"facts":{"account":"work","\\u0061ccount":"personal"}}',
      422,
      'invalid-facts',
      [['/facts/account', /^`account` is given more than once$/]],
    ],
    [
      'all facts twice',
      '{"facts":{},"facts":{"account":"work"}}',
      422,
      'invalid-facts',
      [['/facts', /more than once/]],
    ],
    [
      'a claim against the catalogue',
      { facts: { tool: 'trello', toolStatus: 'assured' } },
      422,
      'invalid-facts',
      [['/facts/toolStatus', /the catalogue says `acceptable`/, 'acceptable']],
    ],
    [
      'a status for a tool that has none',
      { facts: { tool: 'zoom', toolStatus: 'approved' } },
      422,
      'invalid-facts',
      [['/facts/toolStatus', /the catalogue says `none`/, 'none']],
    ],
    [
      'a number',
      { facts: { sensitive: 1 } },
      422,
      'invalid-facts',
      [['/facts/sensitive', /must be text or true or false/]],
    ],
    [
      'true as the name of a tool',
      { facts: { tool: true } },
      422,
      'invalid-facts',
      [['/facts/tool', /must be text$/]],
    ],
    [
      'null as a value',
      { facts: { sensitive: null } },
      422,
      'invalid-facts',
      [['/facts/sensitive', /must be text or true or false/]],
    ],
    [
      'a day that does not exist',
      { facts: {}, on: '2026-02-30' },
      422,
      'invalid-facts',
      [['/on', /must be a day that exists/]],
    ],
    [
      'a day that is not text',
      { facts: {}, on: 20260101 },
      422,
      'invalid-facts',
      [['/on', /must be a day that exists/]],
    ],
    ['no facts', {}, 422, 'invalid-facts', [['/facts', /`facts` is missing/]]],
    ['facts that are a list', { facts: [] }, 422, 'invalid-facts', [['/facts', /must be an object/]]],
    [
      'an unknown field',
      { facts: {}, fact: {} },
      422,
      'invalid-facts',
      [['/fact', /^unknown field `fact`/, 'facts']],
    ],
    [
      'something that cannot be included',
      { facts: {}, include: ['changes', 'alternative'] },
      422,
      'invalid-facts',
      [
        [
          '/include/1',
          /^`alternative` cannot be included: `include` can hold `changes` and `alternatives`/,
          'alternatives',
        ],
      ],
    ],
    [
      'an include that is no list',
      { facts: {}, include: 'changes' },
      422,
      'invalid-facts',
      [['/include', /^`include` must be a list/]],
    ],
    [
      'an include of something else than names',
      { facts: {}, include: [{ a: 1 }] },
      422,
      'invalid-facts',
      [['/include/0', /cannot be included/]],
    ],
    [
      'a name with signs of a pointer',
      { facts: { 'a/b~c': 'x' } },
      422,
      'invalid-facts',
      [['/facts/a~1b~0c', /unknown fact/]],
    ],
    [
      'a tool of 60,000 characters',
      { facts: { tool: 'x'.repeat(60_000) } },
      422,
      'invalid-facts',
      [['/facts/tool', /at most 200 characters/]],
    ],
    [
      'a tool with control characters',
      { facts: { tool: 'tre\u001b[31mllo' } },
      422,
      'invalid-facts',
      [['/facts/tool', /control characters/]],
    ],
    [
      'a value with control characters',
      { facts: { account: '\u0000\u202e' } },
      422,
      'invalid-facts',
      [['/facts/account', /^unknown value `��`/]],
    ],
    ['an empty tool', { facts: { tool: ' ' } }, 422, 'invalid-facts', [['/facts/tool', /empty/]]],
    [
      'more facts than there are',
      { facts: Object.fromEntries(Array.from({ length: 5_000 }, (_, n) => [`a${n}`, 1])) },
      422,
      'invalid-facts',
      [['/facts', /may hold at most \d+ facts/]],
    ],
    [
      'a prototype',
      '{"facts":{"__proto__":{"account":"work"}},"__proto__":{"facts":{}}}',
      422,
      'invalid-facts',
      [
        ['/__proto__', /unknown field `__proto__`/],
        ['/facts/__proto__', /unknown fact `__proto__`/],
      ],
    ],
    [
      'a day before the guidance begins',
      { facts: { tool: 'trello' }, on: '2018-02-28' },
      422,
      'invalid-facts',
      [['/on', /^the guidance begins on 2018-03-01: `on` must be that day or a later one$/, '2018-03-01']],
    ],
    [
      'names of every object',
      { facts: { constructor: 'x', toString: true, hasOwnProperty: 'x' } },
      422,
      'invalid-facts',
      [
        ['/facts/constructor', /unknown fact/],
        ['/facts/toString', /unknown fact/],
        ['/facts/hasOwnProperty', /unknown fact/],
      ],
    ],
    ['broken JSON', '{"facts":\n{"tool" "trello"}}', 400, 'bad-request'],
    ['JSON that is cut off', '{"facts":', 400, 'bad-request'],
    ['nothing', '', 400, 'bad-request'],
    ['a list', [], 400, 'bad-request', [['', /must be a JSON object/]]],
    ['null', 'null', 400, 'bad-request', [['', /must be a JSON object/]]],
    ['text', '"trello"', 400, 'bad-request', [['', /must be a JSON object/]]],
    [
      'a hole without a bottom',
      '['.repeat(30_000) + ']'.repeat(30_000),
      400,
      'bad-request',
      [['', /must be a JSON object/]],
    ],
    ['a tool of 100,000 characters', { facts: { tool: 'x'.repeat(100_000) } }, 413, 'body-too-large'],
    ['10 megabytes', { facts: { tool: 'x'.repeat(10_000_000) } }, 413, 'body-too-large'],
  ];
  for (const [what, body, status, code, errors] of cases) {
    it(`is answered with ${status} for ${what}`, async () => {
      const answer = await call(server.baseUrl, 'POST', '/api/v1/decisions', { body });
      const problem = assertProblem(answer, status, code);
      assertAsDescribed(document, 'POST /api/v1/decisions', answer);
      if (errors === undefined) return;
      assert.equal(problem.errors.length, errors.length, answer.text);
      for (const [index, [pointer, detail, suggestion]] of errors.entries()) {
        assert.equal(problem.errors[index].pointer, pointer);
        assert.match(problem.errors[index].detail, detail);
        assert.equal(problem.errors[index].suggestion, suggestion);
      }
    });
  }

  it('names every mistake, not only the first', async () => {
    const body = { facts: { acount: 'work', device: 'mine' }, on: 'today', extra: 1 };
    const answer = await call(server.baseUrl, 'POST', '/api/v1/decisions', { body });
    const { errors } = assertProblem(answer, 422, 'invalid-facts');
    assert.deepEqual(
      errors.map(({ pointer }: Json) => pointer),
      ['/extra', '/on', '/facts/acount', '/facts/device'],
    );
  });

  it('says where JSON is broken', async () => {
    const answer = await call(server.baseUrl, 'POST', '/api/v1/decisions', {
      body: '{"facts":\n{"tool" "trello"}}',
    });
    assert.match(assertProblem(answer, 400, 'bad-request').detail, /line 2, at character 9/);
  });

  it('is refused when it is not text in UTF-8, or of another kind', async () => {
    const send = (type: string, body: string | Uint8Array<ArrayBuffer>) =>
      fetch(`${server.baseUrl}/api/v1/decisions`, {
        method: 'POST',
        headers: { 'content-type': type },
        body,
      });
    assert.equal((await send('application/json', new Uint8Array([0x22, 0xff, 0x22]))).status, 400);
    for (const type of [
      'text/plain',
      'application/x-www-form-urlencoded',
      'multipart/form-data; boundary=x',
      'x',
    ]) {
      const response = await send(type, '{"facts":{}}');
      assert.equal(response.status, 415, type);
      assert.match(response.headers.get('content-type') ?? '', /^application\/problem\+json/);
    }
  });

  it('of 10 megabytes is refused also when it does not say how long it is', async () => {
    const body = new ReadableStream({
      start(controller) {
        for (let part = 0; part < 100; part++) controller.enqueue(new Uint8Array(100_000).fill(0x20));
        controller.close();
      },
    });
    const headers = { 'content-type': 'application/json' };
    const init = { method: 'POST', headers, body, duplex: 'half' };
    const response = await fetch(`${server.baseUrl}/api/v1/decisions`, init as RequestInit);
    assert.equal(response.status, 413);
    assert.equal(((await response.json()) as Json).code, 'body-too-large');
  });
});

describe('an address that cannot be used', () => {
  const parameters: readonly (readonly [
    query: string,
    pointer: string,
    detail: RegExp,
    suggestion?: string,
  ])[] = [
    [
      'limt=5',
      '?limt',
      /^unknown parameter `limt`: this address takes q, kind, status, limit, cursor$/,
      'limit',
    ],
    ['__proto__=5', '?__proto__', /^unknown parameter `__proto__`/],
    ['limit=5&limit=5', '?limit', /^`limit` is given more than once$/],
    ['limit=0', '?limit', /^`limit` must be a whole number from 1 to 200, not `0`$/, '50'],
    ['limit=201', '?limit', /from 1 to 200/, '200'],
    ['limit=1e2', '?limit', /not `1e2`$/, '50'],
    ['limit=-1', '?limit', /not `-1`$/, '50'],
    ['limit=', '?limit', /not ``$/, '50'],
    [
      'cursor=abc',
      '?cursor',
      /does not belong to this list/,
      'leave `cursor` out to begin at the start, then take `nextCursor` from each answer',
    ],
    [
      'cursor=',
      '?cursor',
      /does not belong to this list/,
      'leave `cursor` out to begin at the start, then take `nextCursor` from each answer',
    ],
    [`cursor=${'a'.repeat(401)}`, '?cursor', /at most 400 characters/],
    ['kind=oit-tol', '?kind', /^unknown kind `oit-tol`: it can be standard, /, 'oit-tool'],
    ['status=', '?status', /^unknown status ``/],
    [`q=${'x'.repeat(201)}`, '?q', /at most 200 characters/],
  ];
  for (const [query, pointer, detail, suggestion] of parameters) {
    it(`is answered with 400 for \`?${query.slice(0, 30)}\``, async () => {
      const answer = await call(server.baseUrl, 'GET', `/api/v1/tools?${query}`);
      const { errors } = assertProblem(answer, 400, 'bad-request');
      assertAsDescribed(document, 'GET /api/v1/tools', answer);
      assert.equal(errors.length, 1);
      assert.equal(errors[0].pointer, pointer);
      assert.match(errors[0].detail, detail);
      assert.equal(errors[0].suggestion, suggestion);
    });
  }

  it('takes no parameter where none is described', async () => {
    for (const path of ['/api/v1/tools/trello?x=1', '/health?x=1', '/ping?x=1', '/api/v1/openapi.json?x=1']) {
      assertProblem(await call(server.baseUrl, 'GET', path), 400, 'bad-request');
    }
    const answer = await call(server.baseUrl, 'POST', '/api/v1/decisions?account=work', {
      body: { facts: {} },
    });
    assertProblem(answer, 400, 'bad-request');
    assertProblem(await call(server.baseUrl, 'GET', '/api/v1/rules?on=2026-13-01'), 400, 'bad-request');
  });

  it('is answered with 422 for the rules of a day before the guidance begins', async () => {
    const answer = await call(server.baseUrl, 'GET', '/api/v1/rules?on=0001-01-01');
    const { errors } = assertProblem(answer, 422, 'invalid-facts');
    assertAsDescribed(document, 'GET /api/v1/rules', answer);
    assert.deepEqual([errors[0].pointer, errors[0].suggestion], ['?on', '2018-03-01']);
    assert.equal((await call(server.baseUrl, 'GET', '/api/v1/rules?on=2018-03-01')).status, 200);
  });

  const hostile: readonly (readonly [path: string, status: number, code: string])[] = [
    ['/api/v1/tools/%00', 400, 'bad-address'],
    ['/api/v1/tools/%0d%0aSet-Cookie:%20a=b', 400, 'bad-address'],
    ['/api/v1/tools/%zz', 400, 'bad-address'],
    ['/api/v1/tools/%c0%ae%c0%ae', 400, 'bad-address'],
    ['/api/v1/tools/..%2f', 404, 'not-found'],
    ['/api/v1/tools/..%2f..%2f..%2fetc%2fpasswd', 404, 'not-found'],
    ['/api/v1/tools/__proto__', 404, 'not-found'],
    ['/api/v1/tools/constructor', 404, 'not-found'],
    ['/api/v1/tools/%E2%80%AEollert', 404, 'not-found'],
    [`/api/v1/tools/${'x'.repeat(7_000)}`, 404, 'not-found'],
    [`/api/v1/tools/${'x'.repeat(20_000)}`, 414, 'address-too-long'],
    [`/api/v1/tools?q=${'x'.repeat(20_000)}`, 414, 'address-too-long'],
    ['/api/v1/tools/', 404, 'not-found'],
    ['/api/v1/tools/a/b', 404, 'not-found'],
    ['/api/v1//tools', 404, 'not-found'],
    ['/api/v1/nothing', 404, 'not-found'],
    ['/api/v2/decisions', 404, 'not-found'],
  ];
  for (const [path, status, code] of hostile) {
    it(`is answered with ${status} for \`${path.slice(0, 50)}\``, async () => {
      const answer = await call(server.baseUrl, 'GET', path);
      assertProblem(answer, status, code);
      assert.ok(answer.text.length < 1_000);
    });
  }

  it('searches for hostile text without harm', async () => {
    for (const text of [
      '((((((((',
      '*'.repeat(200),
      'a '.repeat(100),
      '\u202e'.repeat(50),
      '😀'.repeat(50),
      '__proto__',
      "' or 1=1 --",
    ]) {
      const answer = await call(server.baseUrl, 'GET', `/api/v1/tools?q=${encodeURIComponent(text)}`);
      assert.equal(answer.status, 200, answer.text);
      assertAsDescribed(document, 'GET /api/v1/tools', answer);
    }
  });
});

describe('a request that does not fit', () => {
  for (const { method, path, action } of routes) {
    const address = path.replace('{id}', 'trello');
    const isOwn = action !== undefined;
    it(`is answered with 405 and what is allowed for ${address}`, async () => {
      const allow = method === 'GET' ? 'GET, HEAD, OPTIONS' : 'POST, OPTIONS';
      const others =
        method === 'GET' ? ['POST', 'PUT', 'PATCH', 'DELETE'] : ['GET', 'PUT', 'PATCH', 'DELETE'];
      for (const other of others) {
        const answer = await call(
          server.baseUrl,
          other,
          address,
          other === 'GET' ? {} : { body: '{"broken' },
        );
        assertProblem(answer, 405, 'method-not-allowed');
        assertAsDescribed(document, `${method} ${path}`, answer);
        assert.equal(answer.headers.get('allow'), allow);
      }
      const options = await call(server.baseUrl, 'OPTIONS', address);
      assert.deepEqual([options.status, options.headers.get('allow')], [204, allow]);
    });

    it(`is answered with 406 when it wants ${address} as a picture`, async () => {
      const body = method === 'POST' ? { body: { facts: {} } } : {};
      for (const accept of [
        'image/png',
        'text/html, image/*;q=0.8',
        'application/json;q=0, text/plain;q=0',
      ]) {
        const answer = await call(server.baseUrl, method, address, { ...body, headers: { accept } });
        assertProblem(answer, 406, 'not-acceptable');
        assertAsDescribed(document, `${method} ${path}`, answer);
      }
      for (const accept of ['*/*', 'text/html, */*;q=0.1', path === '/ping' ? 'text/*' : 'application/*']) {
        const answer = await call(server.baseUrl, method, address, { ...body, headers: { accept } });
        assert.equal(answer.status, isOwn ? 401 : 200);
      }
    });
  }

  it('answers HEAD like GET, without the body', async () => {
    const answer = await call(server.baseUrl, 'HEAD', '/api/v1/tools');
    assert.deepEqual([answer.status, answer.text], [200, '']);
    assert.ok(answer.headers.get('etag'));
    assert.equal((await call(server.baseUrl, 'HEAD', '/api/v1/decisions')).status, 405);
  });

  it('answers in English, whatever language it asks for', async () => {
    const answer = await call(server.baseUrl, 'GET', '/api/v1/facts?limit=1', {
      headers: { 'accept-language': 'cy' },
    });
    assert.deepEqual([answer.status, answer.headers.get('content-language')], [200, 'en']);
  });
});
