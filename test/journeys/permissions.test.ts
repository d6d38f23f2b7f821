import assert from 'node:assert/strict';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after, before, describe, it } from 'node:test';
import { nobody } from '#domain/people/actor.ts';
import { type Action, may, permissions } from '#domain/people/permissions.ts';
import { grantedRoles } from '#domain/people/roles.ts';
import { fixedClock } from '#platform/clock.ts';
import { readConfig, rolesToMap } from '#platform/config.ts';
import { openMemory } from '#serve.ts';
import { databaseFile } from '#store/database.ts';
import { startApp, type TestApp } from '#test/support/app.ts';
import { sqlite } from '#test/support/databases.ts';
import { Person } from '#test/support/person.ts';
import { trialPeople } from '#usecases/people/sign-in.ts';

let app: TestApp;
let people: ReadonlyMap<string, Person>;
before(async () => {
  app = await startApp();
  people = new Map(
    await Promise.all(
      trialPeople.map(async ({ id }) => [id, await Person.signedIn(app.baseUrl, id)] as const),
    ),
  );
});
after(() => app.close());

const someId = '01a20000-0000-7000-8000-000000000000';

function addressOf(url: string): string {
  return url.replace(/:id|:kind|:page|:fact|\*/g, someId);
}

describe('what somebody may do', () => {
  it('can be given by the settings with each role that a sign-in can bring, and no other', () =>
    assert.deepEqual(rolesToMap, grantedRoles));

  it('is what the table says, for every route that is not for everyone and every role', async () => {
    const own = app.server.routeActions.filter(({ action }) => permissions[action] !== 'everyone');
    assert.ok(own.length >= 12, `${own.length}`);
    for (const { method, url, action } of own) {
      if (url.startsWith('/api/')) continue;
      const address = addressOf(url);
      const asNobody = new Person(app.baseUrl);
      const refused = method === 'POST' ? await asNobody.post(address, {}) : await asNobody.get(address);
      if (method === 'POST') assert.equal(refused.status, 401, `${method} ${url}`);
      else assert.match(refused.headers.get('location') ?? '', /^\/sign-in\?return=/, `${method} ${url}`);
      for (const { id, roles } of trialPeople) {
        const person = people.get(id) as Person;
        const actor = { kind: 'person', id, name: id, roles, by: { kind: 'session', id } } as const;
        // A token of the own page, so that only the permission can be what refuses.
        const answer =
          method === 'POST' ? await person.send('/me/sessions', address) : await person.get(address);
        const text = await answer.text();
        if (may(actor, action)) assert.notEqual(answer.status, 403, `${id} ${method} ${url}: ${text}`);
        else assert.equal(answer.status, 403, `${id} ${method} ${url}`);
      }
    }
  });

  it('is what the table says over the API too, where a token holds it and a cookie never does', async () => {
    const calls = app.server.routeActions.filter(
      ({ url, action, method }) =>
        url.startsWith('/api/') && permissions[action] !== 'everyone' && method === 'GET',
    );
    assert.ok(calls.length >= 3);
    for (const { id, roles } of trialPeople) {
      const person = people.get(id) as Person;
      const made = await person.send('/me/tokens', '/me/tokens', {
        label: 'Walk',
        'endsOn-day': '22',
        'endsOn-month': '12',
        'endsOn-year': '2026',
        ...(roles[0] === undefined ? {} : { roles: roles[0] }),
      });
      const token = /ctu_[\w-]+/.exec(await made.text())?.[0] ?? '';
      for (const { url, action } of calls) {
        const actor = { kind: 'person', id, name: id, roles, by: { kind: 'token', id } } as const;
        const answer = await person.get(url, { authorization: `Bearer ${token}` });
        assert.equal(answer.status, may(actor, action) ? 200 : 403, `${id} ${url}`);
        assert.equal((await person.get(url)).status, 401, `${url} with a cookie alone`);
      }
    }
  });

  it('leaves every other route open to everyone', () => {
    const open = app.server.routeActions.filter(({ action }) => may(nobody, action));
    for (const path of ['/', '/check', '/answer', '/tools', '/guidance', '/api/v1/decisions', '/sign-in'])
      assert.ok(
        open.some(({ url }) => url === path),
        path,
      );
  });

  it('shows nobody a link to what they may not do', async () => {
    for (const { id, roles } of trialPeople) {
      const text = await (await (people.get(id) as Person).get('/me')).text();
      const actor = { kind: 'person', id, name: id, roles, by: { kind: 'session', id } } as const;
      for (const [path, action] of [
        ['/usage', 'see-usage'],
        ['/audit', 'read-audit-trail'],
      ] as const)
        assert.equal(text.includes(`href="${path}"`), may(actor, action as Action), `${id} ${path}`);
    }
  });

  it('writes to the audit trail who was refused', async () => {
    const events = await app.memory.people.store.audit.search({ action: 'access-refused' }, 500);
    assert.ok(events.length >= grantedRoles.length);
    assert.ok(
      events.some(
        ({ entry, actorName }) => entry === 'action:read-audit-trail' && actorName === 'Alex Asker',
      ),
    );
  });
});

describe('an address that is only read', () => {
  it('changes nothing that is remembered, whoever reads it', async () => {
    const own = await sqlite.create();
    const read = readConfig({});
    assert.ok(read.ok);
    const memory = await openMemory({ ...read.config, ...own.place }, fixedClock('2026-11-22T09:00:00Z'));
    const reading = await startApp({ memory });
    try {
      const administrator = await Person.signedIn(reading.baseUrl, 'administrator');
      const before = contentOf(own.place.dataDir);
      const routes = reading.server.routeActions.filter(
        ({ method }) => method === 'GET' || method === 'HEAD',
      );
      assert.ok(routes.length >= 80, `${routes.length}`);
      for (const { url } of routes)
        for (const person of [administrator, new Person(reading.baseUrl)]) await person.get(addressOf(url));
      assert.deepEqual(contentOf(own.place.dataDir), before);
      const told = await memory.people.store.audit.search({}, 500);
      const actions = new Set(told.map(({ action }) => action));
      assert.deepEqual([...actions.difference(new Set(['signed-in', 'access-refused']))], []);
    } finally {
      await reading.close();
      await own.remove();
    }
  });

  // Everything but the audit trail, which tells of those who were refused.
  function contentOf(dataDir: string): Readonly<Record<string, readonly unknown[]>> {
    const database = new DatabaseSync(path.join(dataDir, databaseFile), { readOnly: true });
    const names = database.prepare("select name from sqlite_schema where type = 'table' order by name").all();
    const tables = names.map(({ name }) => String(name)).filter((name) => !name.startsWith('audit_'));
    const rows = tables.map((name) => [name, database.prepare(`select * from "${name}"`).all()] as const);
    database.close();
    return Object.fromEntries(rows);
  }
});

describe('whoever is refused', () => {
  it('sees who they are, can sign out from there, and is not sent to search', async () => {
    const person = await Person.signedIn(app.baseUrl, 'asker');
    const denied = await (await person.get('/audit')).text();
    assert.match(denied, /Your account does not have the role for this/);
    assert.match(denied, /Signed in as [\s\S]*Alex Asker/);
    assert.doesNotMatch(denied, /id="problem-search"/);
    assert.equal((await person.send('/audit', '/sign-out')).status, 303);
    assert.equal((await person.get('/me')).status, 302);
  });

  it('is led to sign in where a form came too late', async () => {
    const person = await Person.signedIn(app.baseUrl, 'asker');
    const token = await person.tokenOn('/me/tokens');
    await person.send('/me', '/sign-out');
    const late = await person.post('/me/tokens', { _csrf: token, label: 'Report' });
    assert.equal(late.status, 401);
    assert.match(await late.text(), /<a [^>]*href="\/sign-in">Sign in<\/a> and try again/);
  });
});

describe('a form that changes something', () => {
  it('is refused without the token of its page, with that of somebody else, and with one from before signing in', async () => {
    const person = people.get('asker') as Person;
    const other = people.get('administrator') as Person;
    const changing = app.server.routeActions.filter(
      ({ method, url }) => method === 'POST' && !/^\/(api\/|health|ping|info)/.test(url),
    );
    assert.ok(changing.length >= 8, `${changing.length}`);
    const strangers = await other.tokenOn('/me/tokens');
    const early = await new Person(app.baseUrl).tokenOn('/sign-in');
    for (const { url, action } of changing) {
      if (!may({ kind: 'person', id: '', name: '', roles: [], by: { kind: 'session', id: '' } }, action))
        continue;
      for (const token of ['', 'x', strangers, early]) {
        const answer = await person.post(addressOf(url), { _csrf: token });
        assert.equal(answer.status, 403, url);
        assert.match(await answer.text(), /This form is out of date/);
      }
    }
  });

  it('is refused where its token comes in a header, which a script could send', async () => {
    const person = people.get('asker') as Person;
    const token = await person.tokenOn('/me/tokens');
    const answer = await fetch(new URL('/me/tokens', app.baseUrl), {
      method: 'POST',
      headers: {
        cookie: [...person.cookies].map(([name, value]) => `${name}=${value}`).join('; '),
        'csrf-token': token,
        'content-type': 'application/x-www-form-urlencoded',
      },
      body: 'label=x',
    });
    assert.equal(answer.status, 403);
  });
});
