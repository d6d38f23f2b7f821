import assert from 'node:assert/strict';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, describe, it } from 'node:test';
import { exportJWK, generateKeyPair, type JWTPayload, SignJWT } from 'jose';
import { startApp, type TestApp } from '#test/support/app.ts';
import { type MovingClock, movingClock } from '#test/support/moving-clock.ts';
import { Person } from '#test/support/person.ts';

let app: TestApp;
let clock: MovingClock;
before(async () => {
  clock = movingClock();
  app = await startApp({ clock });
});
after(() => app.close());

/** Makes a token on the page, as its form sends it, and answers with what is shown. */
async function makeToken(person: Person, fields: Readonly<Record<string, string>> = {}): Promise<string> {
  const made = await person.send('/me/tokens', '/me/tokens', {
    label: 'Test',
    'endsOn-day': '23',
    'endsOn-month': '11',
    'endsOn-year': '2026',
    ...fields,
  });
  return /ctu_[\w-]+/.exec(await made.text())?.[0] ?? '';
}

function call(path: string, token: string, scheme = 'Bearer'): Promise<Response> {
  return fetch(app.baseUrl + path, { headers: { authorization: `${scheme} ${token}` } });
}

describe('an access token', () => {
  it('can be recognised by how it begins, cannot be guessed, and is shown once', async () => {
    const person = await Person.signedIn(app.baseUrl, 'policy-owner');
    const token = await makeToken(person);
    assert.match(token, /^ctu_[\w-]{43}$/);
    assert.ok(!(await (await person.get('/me/tokens')).text()).includes(token));
    assert.notEqual(await makeToken(person), token);
  });

  it('is not made of a form with mistakes, which says what is wrong with each field', async () => {
    const person = await Person.signedIn(app.baseUrl, 'asker');
    for (const [fields, wrong] of [
      [{}, ['Enter what the token is for', 'Enter the last day']],
      [
        { label: 'x', 'endsOn-day': '31', 'endsOn-month': '2', 'endsOn-year': '2027' },
        ['The last day must be a real date'],
      ],
      [
        { label: 'x', 'endsOn-day': '', 'endsOn-month': '2', 'endsOn-year': '2027' },
        ['The last day must be a real date'],
      ],
      [
        { label: 'x', 'endsOn-year': '2027', 'endsOn-month': '-02', 'endsOn-day': '-01' },
        ['The last day must be a real date'],
      ],
    ] as const) {
      const answer = await person.send('/me/tokens', '/me/tokens', fields);
      assert.equal(answer.status, 400);
      const html = await answer.text();
      for (const sentence of wrong) assert.match(html, new RegExp(`<a href="#[^"]+">${sentence}</a>`));
    }
  });

  it('is stored as its hash and nothing more', async () => {
    const person = await Person.signedIn(app.baseUrl, 'policy-owner');
    const token = await makeToken(person);
    const { tokens, audit } = app.memory.people.store;
    assert.equal(await tokens.find(token), null);
    const stored = await tokens.find(app.memory.people.hash(token));
    assert.ok(stored);
    assert.ok(!JSON.stringify(stored).includes(token.slice(4)));
    const events = await audit.search({ action: 'token-made' }, 10);
    assert.ok(events.length > 0 && !JSON.stringify(events).includes(token.slice(4)));
  });

  it('holds until the end of its last day, and for a year at most', async () => {
    const person = await Person.signedIn(app.baseUrl, 'policy-owner');
    const token = await makeToken(person);
    assert.equal((await call('/api/v1/me', token)).status, 200);
    assert.equal(await makeToken(person, { 'endsOn-year': '2027', 'endsOn-day': '24' }), '');
    assert.equal(await makeToken(person, { 'endsOn-day': '21' }), '');
    assert.notEqual(await makeToken(person, { 'endsOn-year': '2027', 'endsOn-day': '22' }), '');
    clock.moveMinutes(24 * 60);
    assert.equal((await call('/api/v1/me', token)).status, 200);
    clock.moveMinutes(24 * 60);
    const ended = await call('/api/v1/me', token);
    assert.equal(ended.status, 401);
    assert.equal(ended.headers.get('www-authenticate'), 'Bearer');
    clock.moveMinutes(-2 * 24 * 60);
  });

  it('is dead at once when its owner ends it, and nobody else can', async () => {
    const person = await Person.signedIn(app.baseUrl, 'asker');
    const token = await makeToken(person);
    const [, id = ''] =
      /action="\/me\/tokens\/([\w-]+)\/end"/.exec(await (await person.get('/me/tokens')).text()) ?? [];
    const stranger = await Person.signedIn(app.baseUrl, 'administrator');
    assert.equal((await stranger.send('/me/tokens', `/me/tokens/${id}/end`)).status, 404);
    assert.equal((await call('/api/v1/me', token)).status, 200);
    assert.equal((await person.send('/me/tokens', `/me/tokens/${id}/end`)).status, 303);
    assert.equal((await call('/api/v1/me', token)).status, 401);
  });

  it('never has a role that its owner does not have, when it is made and at any time after', async () => {
    const owner = await Person.signedIn(app.baseUrl, 'policy-owner');
    for (const roles of ['administrator', 'asker', 'line-manager', 'constructor', '__proto__'])
      assert.equal(await makeToken(owner, { roles }), '', roles);
    const token = await makeToken(owner, { roles: 'policy-owner' });
    assert.equal((await call('/api/v1/usage', token)).status, 200);
    const { store } = app.memory.people;
    const { id } = (await (await call('/api/v1/me', token)).json()) as { id: string };
    const person = await store.people.get(id);
    assert.ok(person);
    // The next sign-in brings no role.
    await store.people.save({ ...person, roles: [] }, clock.now().toISOString());
    assert.equal((await call('/api/v1/usage', token)).status, 403);
    assert.deepEqual(((await (await call('/api/v1/me', token)).json()) as { roles: string[] }).roles, []);
  });

  it('cannot make another token, nor open a page', async () => {
    const person = await Person.signedIn(app.baseUrl, 'administrator');
    const token = await makeToken(person, { roles: 'administrator' });
    const authorization = `Bearer ${token}`;
    for (const path of ['/me', '/me/tokens', '/audit', '/usage']) {
      const page = await fetch(app.baseUrl + path, { headers: { authorization }, redirect: 'manual' });
      assert.equal(page.status, 302, path);
    }
    const form = new URLSearchParams({ label: 'Another' });
    const made = await fetch(`${app.baseUrl}/me/tokens`, {
      method: 'POST',
      headers: { authorization },
      body: form,
    });
    assert.equal(made.status, 401);
    const session = await fetch(`${app.baseUrl}/me`, {
      headers: { cookie: `session=${token}` },
      redirect: 'manual',
    });
    assert.equal(session.status, 302);
  });

  it('is taken from its header alone, and only as a bearer token', async () => {
    const token = await makeToken(await Person.signedIn(app.baseUrl, 'asker'));
    assert.equal((await call('/api/v1/me', token, 'bearer')).status, 200);
    for (const scheme of ['Basic', 'Token', 'Bearer Bearer', ''])
      assert.equal((await call('/api/v1/me', token, scheme)).status, 401, scheme);
    for (const wrong of [
      token.slice(0, -1),
      `${token}x`,
      token.toUpperCase(),
      'ctu_',
      '',
      'x'.repeat(9_000),
      `${token}, ${token}`,
    ])
      assert.equal((await call('/api/v1/me', wrong)).status, 401, wrong);
    const inAddress = await fetch(`${app.baseUrl}/api/v1/me?access_token=${token}`);
    assert.equal(inAddress.status, 401);
    assert.equal(
      (await fetch(`${app.baseUrl}/api/v1/me`, { headers: { cookie: `session=${token}` } })).status,
      401,
    );
  });
});

describe('an access token of the provider', () => {
  it('is believed only where everything in it fits: key, algorithm, issuer, audience, time and purpose', async () => {
    const rsa = await generateKeyPair('RS256');
    const other = await generateKeyPair('RS256');
    const jwk = { ...(await exportJWK(rsa.publicKey)), kid: 'one', use: 'sig', alg: 'RS256' };
    const provider = http.createServer((request, response) => {
      const { port } = provider.address() as AddressInfo;
      const issuer = `http://127.0.0.1:${port}`;
      const documents: Readonly<Record<string, object>> = {
        '/.well-known/openid-configuration': {
          issuer,
          jwks_uri: `${issuer}/keys`,
          authorization_endpoint: `${issuer}/authorise`,
          token_endpoint: `${issuer}/token`,
        },
        '/keys': { keys: [jwk] },
      };
      const document = documents[request.url ?? ''];
      response.writeHead(document === undefined ? 404 : 200, { 'content-type': 'application/json' });
      response.end(JSON.stringify(document ?? {}));
    });
    await new Promise<void>((resolve) => provider.listen(0, '127.0.0.1', resolve));
    const issuer = `http://127.0.0.1:${(provider.address() as AddressInfo).port}`;
    const withProvider = await startApp({
      env: {
        OIDC_ISSUER: issuer,
        OIDC_CLIENT_ID: 'clear-to-use',
        OIDC_CLIENT_SECRET: 'a secret for tests',
        OIDC_AUDIENCE: 'api://clear-to-use',
      },
    });
    const now = Math.floor(Date.now() / 1000);
    const good = {
      iss: issuer,
      sub: 'machine',
      aud: 'api://clear-to-use',
      exp: now + 300,
      roles: ['policy-owner'],
    };
    const signed = (claims: JWTPayload, key = rsa.privateKey, header = {}) =>
      new SignJWT(claims).setProtectedHeader({ alg: 'RS256', kid: 'one', ...header }).sign(key);
    const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const { exp: _exp, ...endless } = good;
    const cases: readonly (readonly [what: string, token: string, status: number])[] = [
      ['one that fits', await signed(good), 200],
      ['one signed by somebody else', await signed(good, other.privateKey), 401],
      [
        'one that names its own key',
        await signed(good, other.privateKey, { jwk: await exportJWK(other.publicKey) }),
        401,
      ],
      ['one for another audience', await signed({ ...good, aud: 'api://another' }), 401],
      ['one of another issuer', await signed({ ...good, iss: 'https://elsewhere.example' }), 401],
      ['one that has run out', await signed({ ...good, exp: now - 120 }), 401],
      ['one that does not hold yet', await signed({ ...good, nbf: now + 120 }), 401],
      ['one without an end', await signed(endless), 401],
      ['one without a subject', await signed({ ...good, sub: undefined } as unknown as JWTPayload), 401],
      ['an id token, which says who signed in and is no key', await signed({ ...good, nonce: 'n' }), 401],
      ['one without a signature', `${part({ alg: 'none' })}.${part(good)}.`, 401],
      [
        'one with a shared key, which everybody has',
        await new SignJWT(good)
          .setProtectedHeader({ alg: 'HS256', kid: 'one' })
          .sign(new TextEncoder().encode(JSON.stringify(jwk))),
        401,
      ],
    ];
    for (const [what, token, status] of cases) {
      const answer = await fetch(`${withProvider.baseUrl}/api/v1/usage`, {
        headers: { authorization: `Bearer ${token}` },
      });
      assert.equal(answer.status, status, `${what}: ${await answer.text()}`);
    }
    const program = { ...good, client_id: 'machine', roles: [] };
    const person = { ...good, client_id: 'another', roles: ['policy-owner', 'administrator'] };
    const scoped: readonly (readonly [what: string, claims: JWTPayload, roles: readonly string[]])[] = [
      [
        'of a program has the roles of its scopes',
        { ...program, scope: 'openid policy-owner' },
        ['policy-owner'],
      ],
      [
        'of Entra too, where it says that it is of a program',
        { ...program, sub: 'x', idtyp: 'app', scp: 'administrator' },
        ['administrator'],
      ],
      [
        'has only roles that its scopes name',
        { ...program, roles: ['policy-owner', 'administrator'], scope: 'policy-owner' },
        ['policy-owner'],
      ],
      [
        'of a person has fewer roles by its scopes',
        { ...person, scope: 'openid administrator' },
        ['administrator'],
      ],
      ['of a person has no role more by its scopes', { ...person, roles: [], scope: 'administrator' }, []],
      [
        'of a person has all roles where its scopes name none',
        { ...person, scp: ['access'] },
        ['policy-owner', 'administrator'],
      ],
      ['has no role for a scope that is none', { ...program, scope: 'boss asker' }, []],
    ];
    for (const [what, claims, roles] of scoped) {
      const answer = await fetch(`${withProvider.baseUrl}/api/v1/me`, {
        headers: { authorization: `Bearer ${await signed(claims)}` },
      });
      assert.deepEqual(
        ((await answer.json()) as { readonly roles: unknown }).roles,
        roles,
        `a token ${what}`,
      );
    }
    const [, body = '', signature = ''] = (await signed(good)).split('.');
    const changed = `${part({ alg: 'RS256', kid: 'one' })}.${part({ ...good, roles: ['administrator'] })}.${signature}`;
    assert.notEqual(body, '');
    const audit = await fetch(`${withProvider.baseUrl}/api/v1/audit`, {
      headers: { authorization: `Bearer ${changed}` },
    });
    assert.equal(audit.status, 401);
    await withProvider.close();
    await new Promise((resolve) => provider.close(resolve));
  });
});
