import assert from 'node:assert/strict';
import { after, before, it } from 'node:test';
import { sql } from 'kysely';
import type { NewAuditEvent } from '#domain/audit/event.ts';
import { sha256 } from '#platform/sha256.ts';
import { type Database, openDatabase } from '#store/database.ts';
import { createStore, type Store } from '#store/store.ts';
import { onBothDatabases, type TestDatabase } from '#test/support/databases.ts';
import { verifyAuditTrail } from '#usecases/audit/verify-audit-trail.ts';

const event = (entry: string, more: Partial<NewAuditEvent> = {}): NewAuditEvent => ({
  at: '2026-11-22T09:00:00.000Z',
  actor: 'system',
  action: 'signed-in',
  entry: `session:${entry}`,
  payload: { address: '127.0.0.1', note: entry },
  keepUntil: '2027-11-22',
  ...more,
});

onBothDatabases('the audit trail', (kind) => {
  let own: TestDatabase;
  let database: Database;
  let store: Store;
  before(async () => {
    own = await kind.create();
    database = await openDatabase(own.place);
    store = createStore(database);
  });
  after(async () => {
    await store.close();
    await own.remove();
  });
  const check = (known?: { number: number; hash: string }) => verifyAuditTrail(store.audit, sha256, known);
  const findings = async (known?: { number: number; hash: string }) =>
    (await check(known)).findings.map(({ number, kind: what }) => `${number} ${what}`);
  // Does something to the trail behind its back, looks at it, and undoes it.
  const tampered = async (statements: readonly string[]): Promise<string[]> => {
    const seen: string[] = [];
    const undo = new Error('undone');
    try {
      await database.kysely.transaction().execute(async (transaction) => {
        for (const statement of statements) await sql.raw(statement).execute(transaction);
        const inside = createStore({ ...database, kysely: transaction as never });
        seen.push(
          ...(await verifyAuditTrail(inside.audit, sha256)).findings.map(
            ({ number, kind: what }) => `${number} ${what}`,
          ),
        );
        throw undo;
      });
    } catch (error) {
      if (error !== undo) throw error;
    }
    return seen;
  };

  it('holds what was written, in order, and is whole', async () => {
    await store.audit.record(event('a'));
    await store.inOneTransaction(async (inside) => {
      await inside.audit.record(event('b'));
      await inside.audit.record(event('c', { action: 'token-made', entry: 'token:1' }));
    });
    await store.audit.record(event('d'));
    await store.audit.record(event('e'));
    const { findings: none, count, head } = await check();
    assert.deepEqual([none, count, head.number], [[], 5, 5]);
  });

  it('holds nothing of a transaction that failed', async () => {
    await assert.rejects(
      store.inOneTransaction(async (inside) => {
        await inside.audit.record(event('never'));
        throw new Error('after all not');
      }),
      /after all not/,
    );
    assert.equal((await check()).count, 5);
  });

  it('refuses the outer store inside a transaction', async () => {
    await assert.rejects(
      store.inOneTransaction(() => store.audit.head()),
      /use the store that it is given/,
    );
    await assert.rejects(
      store.inOneTransaction(() => store.inOneTransaction(async () => 1)),
      /use the store that it is given/,
    );
  });

  it('takes events of many at once, each with its own number', async () => {
    await Promise.all(Array.from({ length: 40 }, (_, at) => store.audit.record(event(`many-${at}`))));
    assert.deepEqual([(await check()).count, await findings()], [45, []]);
  });

  it('names the event of which any byte was changed', async () => {
    const records = [];
    for await (const record of store.audit.read()) records.push(record);
    const columns = { at: 'at', actor: 'actor', action: 'action', entry: 'entry', keepUntil: 'keep_until' };
    for (const { number, ...record } of records.slice(0, 6)) {
      for (const [name, column] of Object.entries({
        ...columns,
        payloadHash: 'payload_hash',
        hash: 'hash',
      })) {
        const text = String(record[name as keyof typeof record]);
        for (let at = 0; at < text.length; at++) {
          const other = text.charCodeAt(at) === 120 ? 'y' : 'x';
          const changed = `${text.slice(0, at)}${other}${text.slice(at + 1)}`;
          const seen = await tampered([
            `update audit_events set ${column} = '${changed}' where number = ${number}`,
          ]);
          assert.ok(
            seen.length > 0 && seen.every((one) => one.startsWith(`${number} `)),
            `${column} of ${number} at ${at}: ${seen}`,
          );
        }
      }
      const payload = record.payload ?? '';
      for (let at = 0; at < payload.length; at++) {
        const changed = `${payload.slice(0, at)}${payload[at] === 'x' ? 'y' : 'x'}${payload.slice(at + 1)}`;
        assert.deepEqual(
          await tampered([`update audit_payloads set payload = '${changed}' where number = ${number}`]),
          [`${number} payload-changed`],
        );
      }
    }
  });

  it('names events that are missing, put elsewhere or added, and a head that is not the end', async () => {
    assert.deepEqual(await tampered(['delete from audit_events where number = 3']), ['3 missing']);
    assert.deepEqual(await tampered(['delete from audit_events where number in (1, 2)']), ['1 missing']);
    assert.deepEqual(await tampered(['delete from audit_events where number = 45']), ['45 missing']);
    assert.deepEqual(await tampered(['delete from audit_payloads where number = 4']), ['4 payload-missing']);
    assert.deepEqual(
      await tampered([
        'update audit_events set number = 1000 where number = 2',
        'update audit_events set number = 2 where number = 7',
        'update audit_events set number = 7 where number = 1000',
      ]),
      ['2 payload-changed', '2 reordered', '7 payload-changed', '7 reordered'],
    );
    assert.deepEqual(
      await tampered([
        `insert into audit_events select 46, at, actor, action, entry, payload_hash, keep_until, hash from audit_events where number = 45`,
      ]),
      ['45 head', '46 changed', '46 payload-missing'],
    );
    assert.deepEqual(await tampered([`update audit_head set number = 44`]), ['44 head']);
    assert.deepEqual(await tampered([`update audit_head set hash = 'x'`]), ['45 head']);
    assert.deepEqual(await tampered(['update audit_head set id = 2']), ['45 head']);
    assert.deepEqual(await tampered(['delete from audit_head']), ['45 head']);
    assert.deepEqual(await tampered(['update audit_payloads set number = 99 where number = 5']), [
      '5 payload-missing',
    ]);
  });

  it('finds a trail that was written anew by a head that was taken out before', async () => {
    const head = await store.audit.head();
    assert.deepEqual(await findings(head), []);
    assert.deepEqual(await findings({ ...head, hash: 'another' }), ['45 changed']);
    assert.deepEqual(await findings({ number: 60, hash: 'later' }), ['60 missing']);
  });

  it('reports payloads that were disposed of in their time as that', async () => {
    await store.inOneTransaction(async (inside) => {
      assert.deepEqual(await inside.audit.dispose('2028-01-01', 3), [1, 2, 3]);
      await inside.audit.record(
        event('disposed', { action: 'payloads-disposed', payload: { ranges: [[1, 3]] } }),
      );
    });
    const { findings: none, disposed } = await check();
    assert.deepEqual([none, disposed], [[], [1, 2, 3]]);
  });

  it('can be searched by actor, action, entry, kind of entry and day, the newest first', async () => {
    const found = async (search: Parameters<Store['audit']['search']>[0], limit = 3) =>
      (await store.audit.search(search, limit)).map(({ number }) => number);
    assert.deepEqual(await found({}), [46, 45, 44]);
    assert.deepEqual(await found({ before: 44 }), [43, 42, 41]);
    assert.deepEqual(await found({ action: 'token-made' }), [3]);
    assert.deepEqual(await found({ entry: 'token' }), [3]);
    assert.deepEqual(await found({ entry: 'session:a' }), [1]);
    assert.deepEqual(await found({ entry: 'sess' }), []);
    assert.deepEqual(await found({ actor: 'nobody' }), []);
    const person = {
      id: 'p1',
      issuer: 'i',
      subject: 's',
      name: 'Édith Ünal',
      email: 'e@example.org',
      roles: [],
    };
    await store.people.save(person, '2026-11-22T09:00:00.000Z');
    await store.audit.record(event('named', { actor: 'p1' }));
    for (const actor of ['p1', 'Édith Ünal', 'E@Example.org'])
      assert.deepEqual(await found({ actor }), [47], actor);
    assert.deepEqual(await found({ from: '2026-11-23' }), []);
    assert.deepEqual(await found({ to: '2026-11-23' }, 1), [47]);
  });
});
