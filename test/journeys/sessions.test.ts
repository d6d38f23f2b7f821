import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { startApp, type TestApp } from '#test/support/app.ts';
import { type MovingClock, movingClock } from '#test/support/moving-clock.ts';
import { Person } from '#test/support/person.ts';
import { keepHouse } from '#usecases/housekeeping.ts';

let app: TestApp;
let clock: MovingClock;
before(async () => {
  clock = movingClock();
  app = await startApp({ clock });
});
after(() => app.close());

/** Whether the pages take somebody for who they say they are. */
async function isSignedIn(person: Person): Promise<boolean> {
  return (await person.get('/me')).status === 200;
}

/** A browser that holds the same key. */
function copyOf(person: Person): Person {
  const copy = new Person(app.baseUrl);
  for (const [name, value] of person.cookies) copy.setCookie(name, value);
  return copy;
}

async function cookiesOfSigningIn(baseUrl: string): Promise<ReadonlyMap<string, string>> {
  const person = new Person(baseUrl);
  const page = await person.get('/sign-in');
  const token = await person.tokenOn('/sign-in');
  const signed = await person.post('/sign-in/trial', { _csrf: token, person: 'asker' });
  const lines = [...page.headers.getSetCookie(), ...signed.headers.getSetCookie()];
  return new Map(
    lines
      .filter((line) => !/expires=Thu, 01 Jan 1970/i.test(line))
      .map((line) => [line.split('=')[0] ?? '', line]),
  );
}

describe('a cookie', () => {
  it('on loopback is out of reach of scripts and of other sites, and has no `__Host-`, which browsers would refuse', async () => {
    const cookies = await cookiesOfSigningIn(app.baseUrl);
    assert.deepEqual([...cookies.keys()].sort(), ['form', 'session']);
    for (const line of cookies.values()) {
      assert.match(line, /; Path=\/(;|$)/);
      assert.match(line, /; HttpOnly(;|$)/);
      assert.match(line, /; SameSite=Lax(;|$)/);
      assert.doesNotMatch(line, /; (Secure|Domain)/);
    }
  });

  it('of a session lasts as long as the session may, whatever the clock of the browser says', async () => {
    const session = (await cookiesOfSigningIn(app.baseUrl)).get('session') ?? '';
    assert.match(session, /; Max-Age=43200(;|$)/);
    assert.doesNotMatch(session, /; Expires=/);
  });

  it('behind TLS is for this host alone and goes over TLS alone', async () => {
    const secure = await startApp({ env: { BASE_URL: 'https://localhost' } });
    const cookies = await cookiesOfSigningIn(secure.baseUrl);
    assert.deepEqual([...cookies.keys()].sort(), ['__Host-form', '__Host-session']);
    for (const line of cookies.values()) {
      for (const part of ['Path=/', 'HttpOnly', 'Secure', 'SameSite=Lax'])
        assert.ok(line.includes(`; ${part}`), line);
      assert.doesNotMatch(line, /; Domain/);
      assert.ok(line.split(';')[0]?.length ?? 0 < 4_096);
    }
    // A key under the name without the prefix, which another host could have set, is none.
    const person = await Person.signedIn(secure.baseUrl, 'asker');
    const other = new Person(secure.baseUrl);
    other.setCookie('session', person.cookies.get('__Host-session') ?? '');
    assert.equal((await person.get('/me')).status, 200);
    assert.equal((await other.get('/me')).status, 302);
    await secure.close();
  });

  it('of a session holds 32 random bytes, and the database only their hash', async () => {
    const keys = new Set<string>();
    for (let count = 0; count < 20; count++) {
      const key = (await Person.signedIn(app.baseUrl, 'asker')).cookies.get('session') ?? '';
      assert.equal(Buffer.from(key, 'base64url').length, 32);
      keys.add(key);
      assert.equal(await app.memory.people.store.sessions.find(key), null);
      assert.ok(await app.memory.people.store.sessions.find(app.memory.people.hash(key)));
    }
    assert.equal(keys.size, 20);
  });
});

describe('a session', () => {
  it('never begins with a key that the browser brought', async () => {
    const person = new Person(app.baseUrl);
    person.setCookie('session', 'a-key-that-somebody-else-knows');
    await person.send('/sign-in', '/sign-in/trial', { person: 'administrator' });
    assert.notEqual(person.cookies.get('session'), 'a-key-that-somebody-else-knows');
    const stranger = new Person(app.baseUrl);
    stranger.setCookie('session', 'a-key-that-somebody-else-knows');
    assert.ok(await isSignedIn(person));
    assert.ok(!(await isSignedIn(stranger)));
  });

  it('gets a new key when somebody signs in again, and the old one is dead', async () => {
    const person = await Person.signedIn(app.baseUrl, 'asker');
    const before = copyOf(person);
    const token = await person.tokenOn('/me/tokens');
    const again = await person.post('/sign-in/trial', { _csrf: token, person: 'administrator' });
    assert.equal(again.status, 303);
    assert.notEqual(person.cookies.get('session'), before.cookies.get('session'));
    assert.ok(await isSignedIn(person));
    assert.ok(!(await isSignedIn(before)));
  });

  it('ends after an hour without use, and lasts while it is used', async () => {
    const person = await Person.signedIn(app.baseUrl, 'asker');
    const idle = await Person.signedIn(app.baseUrl, 'asker');
    for (let count = 0; count < 3; count++) {
      clock.moveMinutes(59);
      assert.ok(await isSignedIn(person), `after ${count + 1} times 59 minutes`);
    }
    assert.ok(!(await isSignedIn(idle)));
    clock.moveMinutes(61);
    assert.ok(!(await isSignedIn(person)));
  });

  it('ends after twelve hours in any case', async () => {
    const person = await Person.signedIn(app.baseUrl, 'asker');
    for (let minutes = 0; minutes < 12 * 60 - 30; minutes += 30) {
      assert.ok(await isSignedIn(person), `after ${minutes} minutes`);
      clock.moveMinutes(30);
    }
    assert.ok(await isSignedIn(person));
    clock.moveMinutes(30);
    assert.ok(!(await isSignedIn(person)));
  });

  it('that has ended is forgotten by the housekeeping, and its key never holds again', async () => {
    const person = await Person.signedIn(app.baseUrl, 'asker');
    clock.moveMinutes(61);
    assert.ok((await keepHouse(app.memory.people)).sessions >= 1);
    const key = person.cookies.get('session') ?? '';
    assert.equal(await app.memory.people.store.sessions.find(app.memory.people.hash(key)), null);
  });

  it('ends on the server when somebody signs out, and not only in the browser', async () => {
    const person = await Person.signedIn(app.baseUrl, 'asker');
    const copy = copyOf(person);
    assert.equal((await person.send('/me', '/sign-out')).headers.get('location'), '/signed-out');
    assert.deepEqual([...person.cookies.keys()], []);
    assert.ok(!(await isSignedIn(copy)));
    const refused = await copy.post('/me/tokens', { _csrf: 'x' });
    assert.equal(refused.status, 401);
  });

  it('can be ended from another browser of the same person, and from none of anybody else', async () => {
    const person = await Person.signedIn(app.baseUrl, 'policy-owner');
    const elsewhere = await Person.signedIn(app.baseUrl, 'policy-owner');
    const stranger = await Person.signedIn(app.baseUrl, 'administrator');
    const text = await (await person.get('/me/sessions')).text();
    const [, id = ''] = /action="\/me\/sessions\/([\w-]+)\/end"/.exec(text) ?? [];
    assert.notEqual(id, '');
    assert.equal((await stranger.send('/me/sessions', `/me/sessions/${id}/end`)).status, 404);
    assert.ok(await isSignedIn(elsewhere));
    assert.equal((await person.send('/me/sessions', `/me/sessions/${id}/end`)).status, 303);
    assert.ok(!(await isSignedIn(elsewhere)));
    assert.ok(await isSignedIn(person));
  });

  it('can be ended by an administrator, with all access tokens of the person, and by nobody else', async () => {
    const [here, there] = [
      await Person.signedIn(app.baseUrl, 'information-manager'),
      await Person.signedIn(app.baseUrl, 'information-manager'),
    ];
    const made = await here.send('/me/tokens', '/me/tokens', {
      label: 'Report',
      'endsOn-day': '22',
      'endsOn-month': '12',
      'endsOn-year': '2026',
    });
    const authorization = `Bearer ${/ctu_[\w-]+/.exec(await made.text())?.[0]}`;
    const call = async () => (await new Person(app.baseUrl).get('/api/v1/me', { authorization })).status;
    assert.equal(await call(), 200);
    const administrator = await Person.signedIn(app.baseUrl, 'administrator');
    const trail = await (await administrator.get('/audit?actor=Sam+Information+manager')).text();
    const page = /href="(\/people\/[\w-]+)"/.exec(trail)?.[1] ?? '';
    assert.equal((await here.get(page)).status, 403);
    assert.equal((await here.send('/me', `${page}/end`)).status, 403);
    assert.match(
      await (await administrator.get(page)).text(),
      /Browsers signed in[\s\S]*?\b2\b[\s\S]*?Access tokens that hold[\s\S]*?\b1\b/,
    );
    const ended = await administrator.send(page, `${page}/end`);
    assert.equal(ended.headers.get('location'), `${page}?ended=1`);
    const after = await (await administrator.get(`${page}?ended=1`)).text();
    assert.match(after, /All their sessions and access tokens have ended/);
    assert.doesNotMatch(after, /End all sessions and tokens/);
    assert.deepEqual([(await here.get('/me')).status, (await there.get('/me')).status], [302, 302]);
    assert.equal(await call(), 401);
    const told = await (await administrator.get('/audit?action=access-ended')).text();
    assert.match(told, /Sam Administrator[\s\S]*person:/);
    assert.equal((await administrator.get('/people/nobody')).status, 404);
    assert.equal((await administrator.send('/me', '/people/nobody/end')).status, 404);
  });

  it('has its way out on every page that is for one person', async () => {
    const person = await Person.signedIn(app.baseUrl, 'administrator');
    for (const path of ['/me', '/me/sessions', '/me/tokens', '/audit', '/audit/check', '/usage'])
      assert.match(await (await person.get(path)).text(), /<form[^>]* action="\/sign-out"/, path);
  });

  it('is told of in the audit trail: where it began, and where it ended', async () => {
    const person = await Person.signedIn(app.baseUrl, 'line-manager');
    await person.send('/me', '/sign-out');
    const [out, signedIn] = await app.memory.people.store.audit.search({}, 2);
    assert.deepEqual([signedIn?.action, out?.action], ['signed-in', 'signed-out']);
    assert.equal(signedIn?.entry, out?.entry);
    assert.match(signedIn?.payload ?? '', /"from":"127\.0\.0\.1"/);
  });
});
