import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { after, before, it } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { sql } from 'kysely';
import { sha256 } from '#platform/sha256.ts';
import { type Database, openDatabase } from '#store/database.ts';
import { createStore } from '#store/store.ts';
import { onBothDatabases, type TestDatabase } from '#test/support/databases.ts';
import { verifyAuditTrail } from '#usecases/audit/verify-audit-trail.ts';

const script = path.resolve(import.meta.dirname, '..', 'support', 'audit-writer.ts');

type Writer = {
  readonly child: ChildProcess;
  readonly ended: Promise<unknown>;
  /** The entries that it was told are kept. */
  readonly acknowledged: () => string[];
};

onBothDatabases('several processes that write to the audit trail', (kind) => {
  let own: TestDatabase;
  let database: Database;
  before(async () => {
    own = await kind.create();
    database = await openDatabase(own.place);
  });
  after(async () => {
    await database.close();
    await own.remove();
  });

  function startWriter(name: string, most = 'Infinity'): Writer {
    const child = spawn(
      process.execPath,
      ['--disable-warning=ExperimentalWarning', script, JSON.stringify(own.place), name, most],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    );
    let text = '';
    child.stdout?.setEncoding('utf8').on('data', (chunk) => {
      text += chunk;
    });
    // A line that was cut off was not said.
    return { child, ended: once(child, 'close'), acknowledged: () => text.split('\n').slice(0, -1) };
  }

  /** Every acknowledged event is there once, with what it tells of, and the chain is whole. */
  async function assertKept(acknowledged: readonly string[]): Promise<void> {
    const store = createStore(database);
    const { findings, count } = await verifyAuditTrail(store.audit, sha256);
    assert.deepEqual(findings, []);
    const entries: string[] = [];
    for await (const { entry } of store.audit.read()) entries.push(entry);
    assert.equal(new Set(entries).size, entries.length, 'none is there twice');
    assert.equal(entries.length, count);
    const missing = acknowledged.filter((entry) => !entries.includes(entry));
    assert.deepEqual(missing, []);
    const { rows } = await sql<{ id: string }>`select id from people`.execute(database.kysely);
    assert.deepEqual(
      rows.map(({ id }) => id).toSorted(),
      entries.toSorted(),
      'an event is there exactly where what it tells of is',
    );
  }

  it('lose no event and break no chain', async () => {
    const writers = ['a', 'b', 'c'].map((name) => startWriter(name, '60'));
    await Promise.all(writers.map(({ ended }) => ended));
    const acknowledged = writers.flatMap((writer) => writer.acknowledged());
    assert.equal(acknowledged.length, 180);
    await assertKept(acknowledged);
  });

  it('lose nothing that was acknowledged when they are killed in the middle, a dozen times', async () => {
    const acknowledged: string[] = [];
    for (let round = 0; round < 4; round++) {
      const writers = [0, 1, 2].map((place) => startWriter(`killed-${round}-${place}`));
      while (writers.some((writer) => writer.acknowledged().length === 0)) {
        assert.ok(
          writers.every(({ child }) => child.exitCode === null),
          'a writer ended by itself',
        );
        await wait(5);
      }
      for (const { child } of writers) {
        await wait(Math.random() * 40);
        child.kill('SIGKILL');
      }
      await Promise.all(writers.map(({ ended }) => ended));
      acknowledged.push(...writers.flatMap((writer) => writer.acknowledged()));
      await assertKept(acknowledged);
    }
    assert.ok(acknowledged.length >= 12);
  });
});
