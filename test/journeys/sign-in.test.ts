import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { createSealer } from '#platform/cookies.ts';
import { call } from '#test/support/api.ts';
import { startApp, type TestApp } from '#test/support/app.ts';
import { type Oddity, type OddProvider, startOddProvider } from '#test/support/odd-provider.ts';
import { Person } from '#test/support/person.ts';
import { client, freePort, startProvider, type TestProvider } from '#test/support/provider.ts';

const accounts = {
  ada: { name: 'Ada Administrator', email: 'ada@example.org', groups: ['ToolAdmins', 'Everybody'] },
  olu: { name: 'Olu Owner', email: 'olu@example.org', groups: ['ToolPolicy'] },
  max: { name: 'Max Member', email: 'max@example.org', groups: ['Everybody', 'administrator'] },
};
const audience = 'api://clear-to-use';

/** The service with a provider: it must know its own address before it starts. */
async function startAppFor(
  issuer: string,
  port: number,
  env: Readonly<Record<string, string>> = {},
  lines: string[] = [],
): Promise<TestApp> {
  return startApp({
    log: { write: (line: string) => void lines.push(line) },
    env: {
      PORT: String(port),
      BASE_URL: `http://127.0.0.1:${port}`,
      OIDC_ISSUER: issuer,
      OIDC_CLIENT_ID: client.id,
      OIDC_CLIENT_SECRET: client.secret,
      OIDC_AUDIENCE: audience,
      ROLE_CLAIM: 'groups',
      ROLE_MAP: 'ToolAdmins=administrator, ToolPolicy=policy-owner',
      ...env,
    },
  });
}

/** Follows a browser from page to page at the provider, until it is sent elsewhere: where to. */
async function wayThrough(atProvider: Person, issuer: string, from: string): Promise<string> {
  let address = from;
  for (let steps = 0; steps < 6; steps++) {
    const answer = await atProvider.get(address);
    const next = answer.headers.get('location');
    if (next === null) return address;
    address = new URL(next, new URL(address, issuer)).href;
    if (!address.startsWith(issuer)) return address;
  }
  throw new Error(`going round in a circle at ${address}`);
}

const text = (answer: Response): Promise<string> => answer.text();

describe('signing in with a provider', () => {
  let provider: TestProvider;
  let app: TestApp;
  before(async () => {
    const port = await freePort();
    provider = await startProvider({ accounts, appUrl: `http://127.0.0.1:${port}` });
    app = await startAppFor(provider.issuer, port);
  });
  after(async () => {
    await app.close();
    await provider.stop();
  });

  /** Begins here, signs in there, and says with what address the browser is sent back. */
  async function wayBack(person: Person, form: Record<string, string>, page = '/me'): Promise<string> {
    const begun = await person.get(page);
    assert.equal(begun.status, 302);
    const away = await person.get(begun.headers.get('location') ?? '');
    assert.equal(away.status, 302, await text(away));
    const atProvider = new Person(provider.issuer);
    const interaction = await wayThrough(atProvider, provider.issuer, away.headers.get('location') ?? '');
    const answered = await atProvider.post(interaction, form);
    return wayThrough(atProvider, provider.issuer, answered.headers.get('location') ?? '');
  }
  async function signedIn(account: keyof typeof accounts, page = '/me'): Promise<Person> {
    const person = new Person(app.baseUrl);
    const back = await person.get(await wayBack(person, { account, what: 'sign-in' }, page));
    assert.equal(back.status, 303, await text(back));
    assert.equal(back.headers.get('location'), page);
    return person;
  }

  it('brings whoever signs in to the page that was wanted, with the roles that their groups bring', async () => {
    const person = await signedIn('ada', '/audit?action=signed-in');
    const page = await text(await person.get('/audit?action=signed-in'));
    assert.match(page, /Ada Administrator/);
    const me = await text(await person.get('/me'));
    assert.match(me, /Administrator/);
    assert.doesNotMatch(me, /Policy owner/);
  });

  it('gives nobody a role for a group that the settings do not name, not even one that is called like a role', async () => {
    const person = await signedIn('max');
    assert.match(await text(await person.get('/me')), /Member of staff/);
    assert.equal((await person.get('/audit')).status, 403);
  });

  it('knows the same person again', async () => {
    await signedIn('olu');
    await signedIn('olu');
    const events = await app.memory.people.store.audit.search({ action: 'signed-in' }, 100);
    const ids = new Set(
      events.filter(({ actorName }) => actorName === 'Olu Owner').map(({ actor }) => actor),
    );
    assert.equal(ids.size, 1);
  });

  it('asks the provider for a code, with PKCE, state and nonce, and keeps them from the browser', async () => {
    const person = new Person(app.baseUrl);
    const away = await person.get('/sign-in');
    const { searchParams } = new URL(away.headers.get('location') ?? '');
    assert.equal(searchParams.get('response_type'), 'code');
    assert.equal(searchParams.get('code_challenge_method'), 'S256');
    for (const name of ['state', 'nonce', 'code_challenge'])
      assert.ok((searchParams.get(name) ?? '').length >= 40, name);
    const sealed = person.cookies.get('signing-in') ?? '';
    assert.equal(sealed.split('.').length, 5);
    assert.ok(!sealed.includes(searchParams.get('state') ?? ''));
    const cookie = away.headers.getSetCookie().find((line) => line.startsWith('signing-in=')) ?? '';
    assert.match(cookie, /HttpOnly/);
    assert.match(cookie, /SameSite=Lax/);
    assert.equal(away.headers.get('cache-control'), 'no-store');
  });

  it('ends the session here and at the provider when somebody signs out', async () => {
    const person = await signedIn('ada');
    const held = person.cookies.get('session') ?? '';
    const leaving = await person.send('/me', '/sign-out');
    assert.equal(leaving.status, 303);
    const there = new URL(leaving.headers.get('location') ?? '');
    assert.equal(there.origin, provider.issuer);
    assert.ok(there.searchParams.get('id_token_hint'));
    assert.equal(there.searchParams.get('post_logout_redirect_uri'), `${app.baseUrl}/signed-out`);
    assert.equal(person.cookies.get('session'), undefined);
    const again = new Person(app.baseUrl);
    again.setCookie('session', held);
    assert.equal((await again.get('/me')).status, 302, 'the key is worth nothing any more');
    const atProvider = new Person(provider.issuer);
    const page = await text(await atProvider.get(there.href));
    const form = Object.fromEntries(
      [...page.matchAll(/name="(\w+)" value="([^"]+)"/g)].map(([, name, value]) => [name, value]),
    );
    const confirm = /action="([^"]+)"/.exec(page)?.[1] ?? '';
    const done = await atProvider.post(confirm, { ...form, logout: 'yes' });
    assert.equal(done.headers.get('location'), `${app.baseUrl}/signed-out`);
  });

  it('makes a new session at every sign-in, and ends the one before', async () => {
    const person = await signedIn('ada');
    const old = person.cookies.get('session') ?? '';
    const begun = await person.get('/sign-in?return=/me');
    assert.equal(begun.headers.get('location'), '/me', 'who is signed in is not sent to sign in');
    const stale = new Person(app.baseUrl);
    const back = await wayBack(stale, { account: 'ada', what: 'sign-in' });
    stale.setCookie('session', old);
    await stale.get(back);
    assert.notEqual(stale.cookies.get('session'), old);
    assert.equal((await person.get('/me')).status, 302);
  });

  it('refuses another state', async () => {
    const person = new Person(app.baseUrl);
    const back = new URL(await wayBack(person, { account: 'ada', what: 'sign-in' }));
    back.searchParams.set('state', 'another');
    await refused(person, back.href, /could not be trusted/);
  });

  it('refuses a code that was used already', async () => {
    const person = new Person(app.baseUrl);
    const back = await wayBack(person, { account: 'ada', what: 'sign-in' });
    const sealed = person.cookies.get('signing-in') ?? '';
    assert.equal((await person.get(back)).status, 303);
    const thief = new Person(app.baseUrl);
    thief.setCookie('signing-in', sealed);
    await refused(thief, back, /could not be trusted/);
  });

  it('refuses a way back that is gone a second time: the cookie is used once', async () => {
    const person = new Person(app.baseUrl);
    const back = await wayBack(person, { account: 'ada', what: 'sign-in' });
    assert.equal((await person.get(back)).status, 303);
    assert.equal(person.cookies.get('signing-in'), undefined);
    const session = person.cookies.get('session');
    assert.equal((await person.get(back)).headers.get('location'), '/me', 'still signed in, and not anew');
    assert.equal(person.cookies.get('session'), session);
    await person.send('/me', '/sign-out');
    await refused(person, back, /old page/);
  });

  it('refuses the way back of somebody else’s browser', async () => {
    const person = new Person(app.baseUrl);
    const back = await wayBack(person, { account: 'ada', what: 'sign-in' });
    await refused(new Person(app.baseUrl), back, /old page/);
    const other = new Person(app.baseUrl);
    await other.get('/sign-in');
    await refused(other, back, /could not be trusted/);
  });

  it('refuses a cookie of which any part was changed', async () => {
    const person = new Person(app.baseUrl);
    const back = await wayBack(person, { account: 'ada', what: 'sign-in' });
    const sealed = person.cookies.get('signing-in') ?? '';
    for (let at = 0; at < sealed.length; at += 7) {
      // The last letter of a part may hold bits that nobody reads.
      if (sealed[at] === '.' || sealed[at + 1] === '.' || at === sealed.length - 1) continue;
      const letter = sealed[at] === 'A' ? 'B' : 'A';
      const changed = new Person(app.baseUrl);
      changed.setCookie('signing-in', sealed.slice(0, at) + letter + sealed.slice(at + 1));
      await refused(changed, back, /old page/);
    }
    assert.equal((await person.get(back)).status, 303);
  });

  it('refuses a cookie whose time is up, and one that another service sealed', async () => {
    const person = new Person(app.baseUrl);
    const back = await wayBack(person, { account: 'ada', what: 'sign-in' });
    const opened = await app.memory.sealer.open(person.cookies.get('signing-in') ?? '');
    const { exp: _exp, ...value } = opened as Record<string, string>;
    const old = new Person(app.baseUrl);
    old.setCookie('signing-in', await app.memory.sealer.seal(value, -1));
    await refused(old, back, /old page/);
    const foreign = new Person(app.baseUrl);
    const sealer = createSealer(Buffer.alloc(32, 1).toString('base64url'));
    foreign.setCookie('signing-in', await sealer.seal(value, 15));
    await refused(foreign, back, /old page/);
  });

  it('says so where somebody cancels at the provider, and writes down that it was refused', async () => {
    const person = new Person(app.baseUrl);
    const back = await wayBack(person, { what: 'cancel' });
    await refused(person, back, /You cancelled, or your organisation/);
    const [event] = await app.memory.people.store.audit.search({ action: 'sign-in-refused' }, 1);
    assert.deepEqual([event?.actor, JSON.parse(event?.payload ?? '{}').reason], ['unknown', 'access_denied']);
  });

  it('sends nobody to another site afterwards', async () => {
    for (const wanted of [
      'https://evil.example/',
      '//evil.example/',
      '/\\evil.example',
      'javascript:alert(1)',
    ]) {
      const person = new Person(app.baseUrl);
      const page = `/sign-in?${new URLSearchParams({ return: wanted })}`;
      const away = await person.get(page);
      const atProvider = new Person(provider.issuer);
      const interaction = await wayThrough(atProvider, provider.issuer, away.headers.get('location') ?? '');
      const answered = await atProvider.post(interaction, { account: 'max', what: 'sign-in' });
      const back = await wayThrough(atProvider, provider.issuer, answered.headers.get('location') ?? '');
      assert.equal((await person.get(back)).headers.get('location'), '/me', wanted);
    }
  });

  it('has no trial sign-in beside it', async () => {
    const person = await signedIn('max');
    assert.equal((await person.send('/me', '/sign-in/trial', { person: 'administrator' })).status, 404);
    assert.doesNotMatch(await text(await person.get('/')), /Anybody can sign in as anybody/);
  });

  it('says that it does not work while the provider is down, goes on answering, and works again afterwards', async () => {
    const person = new Person(app.baseUrl);
    const back = await wayBack(person, { account: 'ada', what: 'sign-in' });
    const sealed = person.cookies.get('signing-in') ?? '';
    await provider.stop();
    const down = await person.get(back);
    assert.equal(down.status, 503);
    assert.match(await text(down), /You cannot sign in at the moment[\s\S]*<a [^>]*href="\/">check a tool/);
    assert.equal((await person.get('/answer?tool=trello')).status, 200);
    await provider.start();
    person.setCookie('signing-in', sealed);
    assert.equal((await person.get(back)).status, 303);
  });

  it('starts without the provider, and signs in once it is there', async () => {
    await provider.stop();
    const port = await freePort();
    const lines: string[] = [];
    const early = await startAppFor(provider.issuer, port, {}, lines);
    const person = new Person(early.baseUrl);
    const down = await person.get('/sign-in');
    assert.equal(down.status, 503);
    const page = await text(down);
    assert.match(page, /You cannot sign in at the moment/);
    const reference = /<strong>(\w{4}-\w{4})<\/strong>/.exec(page)?.[1] ?? 'none';
    assert.match(lines.find((line) => line.includes(reference)) ?? '', /"reason":"ECONNREFUSED"/);
    assert.equal((await person.get('/')).status, 200);
    await provider.start();
    assert.equal((await person.get('/sign-in')).status, 302);
    await early.close();
  });

  it('says that it does not work where the provider does not know us', async () => {
    const port = await freePort();
    const unknown = await startAppFor(provider.issuer, port, { OIDC_CLIENT_SECRET: 'another' });
    const person = new Person(unknown.baseUrl);
    await person.get('/sign-in');
    const { searchParams } = new URL((await person.get('/sign-in')).headers.get('location') ?? '');
    const back = new URLSearchParams({
      code: 'x',
      state: searchParams.get('state') ?? '',
      iss: provider.issuer,
    });
    assert.equal((await person.get(`/sign-in/back?${back}`)).status, 503);
    await unknown.close();
  });

  it('signs out here although the provider is down', async () => {
    const person = await signedIn('max');
    const token = await person.tokenOn('/me');
    await provider.stop();
    const leaving = await person.post('/sign-out', { _csrf: token });
    assert.equal(leaving.status, 303);
    assert.equal((await person.get('/me')).status, 302);
    await provider.start();
  });

  it('takes access tokens of machines that are made out to it', async () => {
    const token = await provider.machineToken(audience);
    const headers = { authorization: `Bearer ${token}` };
    const me = await call(app.baseUrl, 'GET', '/api/v1/me', { headers });
    assert.equal(me.status, 200, me.text);
    assert.deepEqual([me.body.name, me.body.roles], ['Nightly report', ['policy-owner']]);
    assert.equal((await call(app.baseUrl, 'GET', '/api/v1/usage', { headers })).status, 200);
    assert.equal((await call(app.baseUrl, 'GET', '/api/v1/audit', { headers })).status, 403);
    const again = await call(app.baseUrl, 'GET', '/api/v1/me', { headers });
    assert.equal(again.body.id, me.body.id);
  });

  it('takes the scopes of a machine for its roles, where it has no others', async () => {
    for (const [scope, roles] of [
      ['ToolPolicy', ['policy-owner']],
      ['ToolPolicy ToolAdmins', ['policy-owner', 'administrator']],
    ] as const) {
      const headers = { authorization: `Bearer ${await provider.scopedToken(audience, scope)}` };
      const me = await call(app.baseUrl, 'GET', '/api/v1/me', { headers });
      assert.deepEqual([me.status, me.body.name, me.body.roles], [200, 'weekly-report', roles]);
      const audit = await call(app.baseUrl, 'GET', '/api/v1/audit', { headers });
      assert.equal(audit.status, roles.length === 2 ? 200 : 403);
    }
  });

  it('refuses access tokens of machines that are made out to another service', async () => {
    const token = await provider.machineToken('api://another');
    const headers = { authorization: `Bearer ${token}` };
    const me = await call(app.baseUrl, 'GET', '/api/v1/me', { headers });
    assert.equal(me.status, 401);
    assert.equal(me.headers.get('www-authenticate'), 'Bearer');
  });
});

describe('a provider that misbehaves', () => {
  let odd: OddProvider;
  let app: TestApp;
  before(async () => {
    odd = await startOddProvider();
    app = await startAppFor(odd.issuer, await freePort());
  });
  after(async () => {
    await app.close();
    await odd.close();
  });

  /** Signs in while the provider does what it is told to. */
  async function signIn(oddity: Oddity): Promise<{ readonly person: Person; readonly answer: Response }> {
    const person = new Person(app.baseUrl);
    odd.behave({});
    const away = await person.get('/sign-in');
    odd.behave(oddity);
    const back = await wayThrough(new Person(odd.issuer), odd.issuer, away.headers.get('location') ?? '');
    const answer = await person.get(back);
    odd.behave({});
    return { person, answer };
  }
  const now = (): number => Math.floor(Date.now() / 1000);

  it('signs in where all is right', async () => {
    const { person, answer } = await signIn({});
    assert.equal(answer.status, 303, await text(answer));
    assert.match(await text(await person.get('/me')), /Robin Odd/);
  });

  const wrong: Readonly<Record<string, Oddity>> = {
    'an id token that has run out': { claims: (usual) => ({ ...usual, iat: now() - 900, exp: now() - 120 }) },
    'an id token of a clock that is two minutes ahead': {
      claims: (usual) => ({ ...usual, iat: now() + 120, nbf: now() + 120, exp: now() + 420 }),
    },
    'an id token with another nonce': { claims: (usual) => ({ ...usual, nonce: 'another' }) },
    'an id token without a nonce': { claims: ({ nonce: _nonce, ...usual }) => usual },
    'an id token for another service': { claims: (usual) => ({ ...usual, aud: 'another' }) },
    'an id token for several that was not made out by us': {
      claims: (usual) => ({ ...usual, aud: [client.id, 'another'], azp: 'another' }),
    },
    'an id token of another provider': { claims: (usual) => ({ ...usual, iss: 'http://127.0.0.1:1' }) },
    'an id token of nobody': { claims: ({ sub: _sub, ...usual }) => usual },
    'an id token that was signed with another key': { hasAnotherKey: true },
    'a way back without a state': { back: { state: null } },
    'a way back without a code': { back: { code: null } },
    'a way back from another provider': { back: { iss: 'http://127.0.0.1:1' } },
    'an error that nobody knows': { back: { code: null, error: 'invalid_request' } },
  };
  for (const [what, oddity] of Object.entries(wrong)) {
    it(`is not believed: ${what}`, async () => {
      const { person, answer } = await signIn(oddity);
      const page = await text(answer);
      assert.equal(answer.status, 403, page);
      assert.match(page, /could not be trusted/);
      assert.equal(person.cookies.get('session'), undefined);
    });
  }

  it('is believed where its clock is twenty seconds ahead or behind', async () => {
    for (const by of [20, -20]) {
      const claims: Oddity['claims'] = (usual) => ({
        ...usual,
        iat: now() + by,
        nbf: now() + by,
        exp: by < 0 ? now() + by : now() + 300,
      });
      const { answer } = await signIn({ claims });
      assert.equal(answer.status, 303, `${by}: ${await text(answer)}`);
    }
  });

  const outages: Readonly<Record<string, Oddity>> = {
    'its token address is out of order': { broken: { token: 500 } },
    'its token address hangs up': { broken: { token: 0 } },
    'its token address is overloaded': { broken: { token: 503 } },
    'it says itself that it does not work': { back: { code: null, error: 'temporarily_unavailable' } },
  };
  for (const [what, oddity] of Object.entries(outages)) {
    it(`gives a page that says so, and nothing else, where ${what}`, async () => {
      const { person, answer } = await signIn(oddity);
      const page = await text(answer);
      assert.equal(answer.status, 503, page);
      assert.match(page, /You cannot sign in at the moment/);
      assert.equal(person.cookies.get('session'), undefined);
      assert.equal((await person.get('/answer?tool=trello')).status, 200);
      assert.equal((await signIn({})).answer.status, 303);
    });
  }

  for (const [what, status] of [
    ['are out of order', 500],
    ['cannot be reached', 0],
  ] as const) {
    it(`gives a page that says so where its keys ${what} when they are first needed`, async () => {
      const fresh = await startOddProvider();
      const service = await startAppFor(fresh.issuer, await freePort());
      const person = new Person(service.baseUrl);
      const away = await person.get('/sign-in');
      const back = await wayThrough(
        new Person(fresh.issuer),
        fresh.issuer,
        away.headers.get('location') ?? '',
      );
      const sealed = person.cookies.get('signing-in') ?? '';
      fresh.behave({ broken: { keys: status } });
      assert.equal((await person.get(back)).status, 503);
      const token = await fresh.accessToken(machineClaims(fresh.issuer));
      const headers = { authorization: `Bearer ${token}` };
      assert.equal((await call(service.baseUrl, 'GET', '/api/v1/me', { headers })).status, 503);
      fresh.behave({});
      person.setCookie('signing-in', sealed);
      assert.equal((await person.get(back)).status, 303);
      assert.equal((await call(service.baseUrl, 'GET', '/api/v1/me', { headers })).status, 200);
      await service.close();
      await fresh.close();
    });
  }

  function machineClaims(issuer: string): Record<string, unknown> {
    return {
      iss: issuer,
      aud: audience,
      sub: 'a-machine',
      groups: ['ToolAdmins'],
      iat: now(),
      exp: now() + 300,
    };
  }
  async function statusOf(claims: Record<string, unknown>, oddity: Oddity = {}): Promise<number> {
    odd.behave(oddity);
    const token = await odd.accessToken(claims);
    odd.behave({});
    const headers = { authorization: `Bearer ${token}` };
    return (await call(app.baseUrl, 'GET', '/api/v1/me', { headers })).status;
  }

  it('has its tokens for machines checked: audience, time, issuer, signature', async () => {
    const usual = machineClaims(odd.issuer);
    assert.equal(await statusOf(usual), 200);
    assert.equal(await statusOf({ ...usual, exp: now() - 20 }), 200, 'a clock that is a little behind');
    const { exp: _exp, ...endless } = usual;
    const { sub: _sub, ...nameless } = usual;
    for (const [what, claims] of Object.entries({
      'another audience': { ...usual, aud: 'api://another' },
      'no audience': { ...usual, aud: undefined },
      'run out': { ...usual, exp: now() - 60 },
      'not yet': { ...usual, nbf: now() + 60 },
      'another issuer': { ...usual, iss: 'http://127.0.0.1:1' },
      endless,
      nameless,
    }))
      assert.equal(await statusOf(claims), 401, what);
    assert.equal(await statusOf(usual, { hasAnotherKey: true }), 401);
    for (const token of ['x', 'a.b.c', `${Buffer.from('{"alg":"none"}').toString('base64url')}.e30.`]) {
      const headers = { authorization: `Bearer ${token}` };
      assert.equal((await call(app.baseUrl, 'GET', '/api/v1/me', { headers })).status, 401, token);
    }
  });

  it('has machines called by their client id where they have no name', async () => {
    for (const claim of ['client_id', 'azp', 'appid']) {
      const token = await odd.accessToken({ ...machineClaims(odd.issuer), sub: claim, [claim]: 'nightly' });
      const headers = { authorization: `Bearer ${token}` };
      assert.equal((await call(app.baseUrl, 'GET', '/api/v1/me', { headers })).body.name, 'nightly', claim);
    }
  });

  it('has its id tokens refused as access tokens', async () => {
    assert.equal(await statusOf({ ...machineClaims(odd.issuer), aud: client.id }), 401);
  });
});

async function refused(person: Person, address: string, why: RegExp): Promise<void> {
  const answer = await person.get(address);
  const page = await answer.text();
  assert.equal(answer.status, 403, page);
  assert.match(page, /You are not signed in/);
  assert.match(page, why);
  assert.equal(person.cookies.get('session'), undefined);
}
