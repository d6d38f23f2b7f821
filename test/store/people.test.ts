import assert from 'node:assert/strict';
import { after, before, it } from 'node:test';
import { newId } from '#platform/ids.ts';
import type { Store } from '#store/store.ts';
import { onBothDatabases, openTwoServers, type TestDatabase } from '#test/support/databases.ts';

const morning = '2026-11-22T09:00:00.000Z';
const noon = '2026-11-22T12:00:00.000Z';
const evening = '2026-11-22T21:00:00.000Z';

onBothDatabases('what is remembered of people', (kind) => {
  let own: TestDatabase;
  let store: Store;
  // Another server on the same database.
  let other: Store;
  before(async () => {
    own = await kind.create();
    [store, other] = await openTwoServers(own);
  });
  after(async () => {
    await store.close();
    if (other !== store) await other.close();
    await own.remove();
  });
  const somebody = (subject: string, more: { readonly name?: string; readonly roles?: [] } = {}) => ({
    id: newId(),
    issuer: 'https://provider.example',
    subject,
    name: 'Ada',
    email: 'ada@example.org',
    roles: ['administrator', 'policy-owner'] as const,
    ...more,
  });

  it('is the same person again, with the name and roles of the last sign-in', async () => {
    const first = await store.people.save(somebody('ada'), morning);
    const again = await store.people.save(somebody('ada', { name: 'Ada L.', roles: [] }), noon);
    assert.equal(again.id, first.id);
    assert.deepEqual(await store.people.get(first.id), {
      ...first,
      name: 'Ada L.',
      roles: [],
    });
  });

  it('tells people apart whom two providers call the same', async () => {
    const here = await store.people.save(somebody('same'), morning);
    const there = await store.people.save(
      { ...somebody('same'), issuer: 'https://another.example' },
      morning,
    );
    assert.notEqual(here.id, there.id);
  });

  it('makes one person of somebody who signs in at two servers at the same moment', async () => {
    for (let round = 0; round < 10; round++) {
      const saved = await Promise.all(
        [store, other, store, other].map((server) =>
          server.people.save(somebody(`at-once-${round}`), morning),
        ),
      );
      assert.equal(new Set(saved.map(({ id }) => id)).size, 1);
    }
  });

  it('knows nobody by an id that is none', async () => {
    assert.equal(await store.people.get('nobody'), null);
  });

  async function session(subject: string, key: string, more: { usedAt?: string; endsAt?: string } = {}) {
    const { id: personId } = await store.people.save(somebody(subject), morning);
    const made = {
      id: newId(),
      personId,
      roles: ['administrator'] as const,
      device: 'Firefox on Linux',
      createdAt: morning,
      usedAt: morning,
      endsAt: evening,
      idToken: null,
      ...more,
    };
    await store.sessions.add(made, key);
    return made;
  }

  it('finds a session by its key, on every server, with the name that the person has now', async () => {
    const made = await session('bob', 'key-1');
    assert.deepEqual(await other.sessions.find('key-1'), { ...made, name: 'Ada' });
    await store.people.save(somebody('bob', { name: 'Bob' }), noon);
    assert.equal((await other.sessions.find('key-1'))?.name, 'Bob');
    assert.equal(await store.sessions.find('key-2'), null);
  });

  it('lists the open sessions of a person alone, the one used last first', async () => {
    const older = await session('cleo', 'cleo-1');
    const newer = await session('cleo', 'cleo-2', { usedAt: noon });
    await session('cleo', 'cleo-idle', { usedAt: '2026-11-22T07:00:00.000Z' });
    await session('cleo', 'cleo-ended', { endsAt: morning });
    await session('dan', 'dan-1');
    const listed = await store.sessions.listOf(older.personId, morning, noon);
    assert.deepEqual(listed, [newer, older]);
  });

  it('ends a session of its own person only, and once', async () => {
    const made = await session('eve', 'eve-1');
    const stranger = await store.people.save(somebody('stranger'), morning);
    assert.equal(await store.sessions.end(made.id, stranger.id), false);
    assert.equal(await store.sessions.end(made.id, made.personId), true);
    assert.equal(await other.sessions.find('eve-1'), null);
    assert.equal(await other.sessions.end(made.id, made.personId), false);
  });

  it('remembers when a session was used', async () => {
    const made = await session('finn', 'finn-1');
    await other.sessions.touch(made.id, noon);
    assert.equal((await store.sessions.find('finn-1'))?.usedAt, noon);
  });

  it('takes no second session with the same key', async () => {
    await session('gil', 'gil-1');
    await assert.rejects(session('gil', 'gil-1'));
  });

  async function token(subject: string, key: string, createdAt = morning) {
    const { id: personId } = await store.people.save(somebody(subject), morning);
    const made = {
      id: newId(),
      personId,
      label: 'Nightly report',
      roles: ['policy-owner'] as const,
      createdAt,
      endsOn: '2027-03-01',
      usedOn: null,
      endedAt: null,
    };
    await store.tokens.add(made, key);
    return made;
  }

  it('finds a token by its key, with what the person may do now', async () => {
    const made = await token('hal', 'token-1');
    assert.deepEqual(await other.tokens.find('token-1'), {
      ...made,
      name: 'Ada',
      personRoles: ['administrator', 'policy-owner'],
    });
    await store.people.save(somebody('hal', { roles: [] }), noon);
    assert.deepEqual((await other.tokens.find('token-1'))?.personRoles, []);
    assert.equal(await store.tokens.find('token-2'), null);
  });

  it('lists the tokens of a person alone, the newest first, ended ones too', async () => {
    const older = await token('ida', 'ida-1');
    const newer = await token('ida', 'ida-2', noon);
    await token('jo', 'jo-1');
    await store.tokens.end(older.id, older.personId, noon);
    assert.deepEqual(await store.tokens.listOf(older.personId), [newer, { ...older, endedAt: noon }]);
  });

  it('ends a token of its own person only, and once, and remembers the day on which it was used last', async () => {
    const made = await token('kim', 'kim-1');
    const stranger = await store.people.save(somebody('stranger'), morning);
    assert.equal(await store.tokens.end(made.id, stranger.id, noon), false);
    await store.tokens.touch(made.id, '2026-11-22');
    await other.tokens.touch(made.id, '2026-11-21');
    const ended = await Promise.all(
      [store, other].map((server) => server.tokens.end(made.id, made.personId, noon)),
    );
    assert.deepEqual(ended.sort(), [false, true]);
    const { usedOn, endedAt } = (await store.tokens.find('kim-1')) ?? {};
    assert.deepEqual([usedOn, endedAt], ['2026-11-22', noon]);
  });

  it('gives every server the same secret, although they make it at the same moment', async () => {
    for (let round = 0; round < 10; round++) {
      const got = await Promise.all(
        [store, other, store, other].map((server, at) =>
          server.secrets.get(`secret-${round}`, () => `${at}`, morning),
        ),
      );
      assert.equal(new Set(got).size, 1);
      assert.ok(got[0]);
      assert.equal(await other.secrets.get(`secret-${round}`, () => 'new', noon), got[0]);
    }
  });

  it('holds nothing of a transaction that failed, whatever was in it', async () => {
    const person = somebody('never');
    const { number } = await store.audit.head();
    await assert.rejects(
      store.inOneTransaction(async (inside) => {
        await inside.people.save(person, morning);
        await inside.tokens.add(
          {
            id: newId(),
            personId: person.id,
            label: 'x',
            roles: [],
            createdAt: morning,
            endsOn: '2027-01-01',
            usedOn: null,
            endedAt: null,
          },
          'never-1',
        );
        await inside.usage.addUnhelpful({
          id: newId(),
          day: '2026-11-22',
          facts: {},
          verdict: 'allowed',
          policy: 'x',
        });
        await inside.audit.record({
          at: morning,
          actor: person.id,
          action: 'token-made',
          entry: 'token:x',
          payload: {},
          keepUntil: '2027-01-01',
        });
        // The database itself refuses: somebody who is not there.
        await inside.sessions.add(
          {
            id: newId(),
            personId: 'nobody',
            roles: [],
            device: '',
            createdAt: morning,
            usedAt: morning,
            endsAt: evening,
            idToken: null,
          },
          'never-2',
        );
      }),
    );
    assert.equal(await other.people.get(person.id), null);
    assert.equal(await other.tokens.find('never-1'), null);
    assert.deepEqual(await other.usage.unhelpful(10), []);
    assert.equal((await other.audit.head()).number, number);
  });

  it('goes on after a transaction that failed', async () => {
    await Promise.allSettled(
      Array.from({ length: 20 }, (_, at) =>
        store.inOneTransaction(async (inside) => {
          await inside.people.save(somebody(`mixed-${at}`), morning);
          if (at % 2 === 0) throw new Error('after all not');
        }),
      ),
    );
    const kept = await Promise.all(
      Array.from({ length: 20 }, async (_, at) => {
        const probe = somebody(`mixed-${at}`);
        return (await store.people.save(probe, noon)).id !== probe.id;
      }),
    );
    assert.deepEqual(
      kept,
      Array.from({ length: 20 }, (_, at) => at % 2 === 1),
    );
  });
});
