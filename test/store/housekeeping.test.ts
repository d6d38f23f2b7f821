import assert from 'node:assert/strict';
import { after, before, it } from 'node:test';
import { type Clock, fixedClock } from '#platform/clock.ts';
import { readConfig } from '#platform/config.ts';
import { sha256 } from '#platform/sha256.ts';
import { type Memory, openMemory } from '#serve.ts';
import { onBothDatabases, type TestDatabase } from '#test/support/databases.ts';
import { verifyAuditTrail } from '#usecases/audit/verify-audit-trail.ts';
import { keepHouse } from '#usecases/housekeeping.ts';
import { signInOnTrial } from '#usecases/people/sign-in.ts';
import { whoIsThere } from '#usecases/people/who-is-there.ts';

const origin = { address: '192.0.2.7', device: 'Firefox on Linux' };

onBothDatabases('housekeeping', (kind) => {
  let own: TestDatabase;
  const servers: Memory[] = [];
  // The same servers at another time.
  const at = (memory: Memory, iso: string): Memory['people'] => {
    const { now, today }: Clock = fixedClock(iso);
    return { ...memory.people, now, today };
  };
  before(async () => {
    own = await kind.create();
    const read = readConfig({ AUDIT_PAYLOAD_DAYS: '30' });
    assert.ok(read.ok);
    // SQLite is for one server, which does many things at once.
    for (let count = 0; count < (kind.name === 'SQLite' ? 1 : 2); count++)
      servers.push(await openMemory({ ...read.config, ...own.place }, fixedClock('2026-11-22T09:00:00Z')));
  });
  after(async () => {
    for (const server of servers) await server.close();
    await own.remove();
  });
  const [first, second] = [() => servers[0] as Memory, () => servers.at(-1) as Memory];
  const check = () => verifyAuditTrail(first().people.store.audit, sha256);

  it('ends sessions that were not used for an hour, and leaves the others', async () => {
    const early = await signInOnTrial(at(first(), '2026-11-22T09:00:00Z'), 'asker', origin);
    const late = await signInOnTrial(at(first(), '2026-11-22T09:30:00Z'), 'asker', origin);
    const { sessions } = await keepHouse(at(second(), '2026-11-22T10:15:00Z'));
    assert.equal(sessions, 1);
    const there = async (key: string | undefined) =>
      (await whoIsThere(at(second(), '2026-11-22T10:15:00Z'), key)).kind;
    assert.deepEqual([await there(early?.key), await there(late?.key)], ['nobody', 'person']);
  });

  it('ends sessions after twelve hours, however much they are used', async () => {
    const made = await signInOnTrial(at(first(), '2026-11-23T08:00:00Z'), 'asker', origin);
    for (let hour = 8; hour < 20; hour++) {
      const time = at(first(), `2026-11-23T${String(hour).padStart(2, '0')}:30:00Z`);
      assert.equal((await whoIsThere(time, made?.key)).kind, 'person', `${hour}`);
    }
    const end = at(first(), '2026-11-23T20:00:00Z');
    assert.equal((await whoIsThere(end, made?.key)).kind, 'nobody');
    await keepHouse(end);
    assert.equal(await first().people.store.sessions.find(first().people.hash(made?.key ?? '')), null);
  });

  it('disposes of payloads in their time, with an event that says of which', async () => {
    assert.equal((await keepHouse(at(first(), '2026-12-22T09:00:00Z'))).payloads, 0);
    const { payloads } = await keepHouse(at(first(), '2026-12-23T09:00:00Z'));
    assert.equal(payloads, 2);
    const { findings, disposed } = await check();
    assert.deepEqual([findings, disposed], [[], [1, 2]]);
    const [event] = await first().people.store.audit.search({ action: 'payloads-disposed' }, 1);
    assert.deepEqual([event?.actor, JSON.parse(event?.payload ?? '{}')], ['system', { ranges: [[1, 2]] }]);
    assert.equal((await keepHouse(at(first(), '2026-12-23T09:00:00Z'))).payloads, 0, 'and once');
  });

  it('is done once where two servers do it at the same moment, also with many', async () => {
    const { store } = first().people;
    const clock = at(first(), '2027-01-01T09:00:00Z');
    await store.inOneTransaction(async ({ audit }) => {
      for (let number = 0; number < 1_200; number++)
        await audit.record({
          at: clock.now().toISOString(),
          actor: 'system',
          action: 'signed-in',
          entry: `session:${number}`,
          payload: { number },
          keepUntil: '2027-01-31',
        });
    });
    const before = (await check()).disposed.length;
    const done = await Promise.all(
      [first(), second(), first(), second()].map((server) => keepHouse(at(server, '2027-02-01T09:00:00Z'))),
    );
    const sum = done.reduce((all, { payloads }) => all + payloads, 0);
    const { findings, disposed } = await check();
    assert.deepEqual(findings, []);
    assert.equal(disposed.length - before, sum);
    assert.ok(sum >= 1_200);
    const named = (await store.audit.search({ action: 'payloads-disposed' }, 100)).flatMap(({ payload }) =>
      payload === null ? [] : (JSON.parse(payload).ranges as [number, number][]),
    );
    const all = named.flatMap(([from, to]) =>
      Array.from({ length: to - from + 1 }, (_, step) => from + step),
    );
    assert.equal(new Set(all).size, all.length, 'no payload is named twice');
  });

  it('keeps for ever what says which payloads were disposed of, so that nothing looks taken out', async () => {
    for (const year of ['2028', '2029', '2060']) {
      await keepHouse(at(first(), `${year}-06-01T09:00:00Z`));
      assert.deepEqual((await check()).findings, [], year);
    }
  });

  it('forgets people who do not come back, and knows them again when they do', async () => {
    const { people, audit, preferences } = first().people.store;
    const person = {
      id: 'gone',
      issuer: 'i',
      subject: 'gone',
      name: 'Gwen Gone',
      email: 'gwen@example.org',
      roles: [],
    };
    await people.save({ ...person, roles: ['administrator'] }, '2027-03-01T09:00:00.000Z');
    await audit.record({
      at: '2027-03-01T09:00:00.000Z',
      actor: 'gone',
      action: 'signed-in',
      entry: 'session:gone',
      payload: {},
      keepUntil: '2030-03-01',
    });
    const chosen = { notices: 'daily', managerName: 'Lee', managerAddress: 'lee@example.org' } as const;
    await preferences.save('gone', chosen);
    await keepHouse(at(second(), '2029-02-28T09:00:00Z'));
    assert.equal((await people.get('gone'))?.name, 'Gwen Gone');
    assert.deepEqual(await preferences.get('gone'), chosen);
    await keepHouse(at(second(), '2029-03-02T09:00:00Z'));
    assert.deepEqual(await people.get('gone'), { ...person, name: '', email: null });
    assert.equal((await preferences.get('gone')).managerAddress, '');
    const [event] = await audit.search({ actor: 'gone' }, 1);
    assert.deepEqual([event?.actor, event?.actorName], ['gone', null], 'the trail still names the id');
    await people.save({ ...person, id: 'new' }, '2029-03-03T09:00:00.000Z');
    assert.deepEqual(await people.get('gone'), person);
  });

  it('forgets access tokens ninety days after their end', async () => {
    const { tokens, people } = first().people.store;
    await people.save(
      { id: 'owner', issuer: 'i', subject: 'owner', name: 'Olu', email: null, roles: [] },
      '2029-03-01T09:00:00.000Z',
    );
    const made = {
      personId: 'owner',
      label: 'Report',
      roles: [],
      createdAt: '2029-03-01T09:00:00.000Z',
      usedOn: null,
    };
    await tokens.add({ ...made, id: 'out', endsOn: '2029-03-10', endedAt: null }, 'hash-1');
    await tokens.add(
      { ...made, id: 'ended', endsOn: '2030-02-01', endedAt: '2029-03-10T10:00:00.000Z' },
      'hash-2',
    );
    await tokens.add({ ...made, id: 'holds', endsOn: '2030-02-01', endedAt: null }, 'hash-3');
    const left = async (iso: string) => {
      await keepHouse(at(second(), iso));
      return (await tokens.listOf('owner')).map(({ id }) => id).sort();
    };
    assert.deepEqual(await left('2029-06-08T09:00:00Z'), ['ended', 'holds', 'out']);
    assert.deepEqual(await left('2029-06-09T09:00:00Z'), ['holds']);
  });

  it('forgets counts after four hundred days', async () => {
    const { store } = first().people;
    const row = { tool: 'trello', organisation: '', verdict: 'allowed', rule: 'x', times: 9 };
    await store.usage.add(
      [
        { day: '2026-01-01', ...row },
        { day: '2026-01-02', ...row },
      ],
      [],
    );
    await keepHouse(at(second(), '2027-02-06T09:00:00Z'));
    assert.deepEqual(await store.usage.perDay('2025-01-01', '2027-12-31'), [{ day: '2026-01-02', times: 9 }]);
  });
});
