import assert from 'node:assert/strict';
import fs from 'node:fs/promises';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { it } from 'node:test';
import { sha256 } from '#platform/sha256.ts';
import { CannotOpen, databaseFile, openDatabase } from '#store/database.ts';
import { createStore } from '#store/store.ts';
import { createRandom } from '#test/fuzz/random.ts';
import { sqlite } from '#test/support/databases.ts';
import { verifyAuditTrail } from '#usecases/audit/verify-audit-trail.ts';

const pageBytes = 4_096;
const tries = 600;
const tables = ['audit_events', 'audit_payloads', 'audit_head'];

it('a byte of the file that is changed behind the back of the database is found wherever it changes the audit trail', async () => {
  const own = await sqlite.create();
  const copy = await sqlite.create();
  try {
    const file = path.join(own.place.dataDir, databaseFile);
    await writeTrail(own.place);
    const original = await fs.readFile(file);
    const [before, pages] = [contentOf(file), pagesOf(file)];
    const random = createRandom(2026);
    const found = { named: 0, damaged: 0, without: 0 };
    for (let one = 0; one < tries; one++) {
      const at = (random.pick(pages) - 1) * pageBytes + random.below(pageBytes);
      const bytes = Buffer.from(original);
      bytes[at] = (bytes[at] ?? 0) ^ (1 + random.below(255));
      const changed = path.join(copy.place.dataDir, databaseFile);
      await replace(changed, bytes);
      const isChanged = contentOf(changed) !== before;
      await replace(changed, bytes);
      const what = await check(copy.place);
      assert.ok(isChanged ? what !== 'whole' : what !== 'named', `byte ${at}: ${what}`);
      if (what === 'whole') found.without += 1;
      else found[what] += 1;
    }
    assert.ok(found.named > 100, JSON.stringify(found));
  } finally {
    await own.remove();
    await copy.remove();
  }
});

async function writeTrail(place: Parameters<typeof openDatabase>[0]): Promise<void> {
  const store = createStore(await openDatabase(place));
  for (let at = 0; at < 30; at++)
    await store.audit.record({
      at: `2026-11-22T09:${10 + at}:00.123Z`,
      actor: '0199a0c2-7d1e-7a3b-9c4d-5e6f70818293',
      action: 'signed-in',
      entry: `session:${at}`,
      payload: { from: '127.0.0.1', device: 'Firefox on Linux', name: `Zoë ${at}` },
      keepUntil: '2028-11-21',
    });
  await store.close();
}

// What the tables hold, read from the tables alone; with the bytes, because one that is no text may read like another.
function contentOf(file: string): string {
  const database = new DatabaseSync(file);
  try {
    const rows = tables.map((table) => {
      const names = database.prepare('select name from pragma_table_info(?)').all(table);
      const columns = names.map(({ name }) => `"${name}", typeof("${name}"), hex("${name}")`);
      return database.prepare(`select ${columns} from ${table} not indexed order by 1`).all();
    });
    return JSON.stringify(rows);
  } catch (error) {
    return String(error);
  } finally {
    database.close();
  }
}

// The pages that hold the tables; where SQLite cannot say so, they are the ones that no other table or index begins with.
function pagesOf(file: string): number[] {
  const database = new DatabaseSync(file);
  const others = database
    .prepare('select rootpage from sqlite_schema where rootpage > 0 and name not in (?, ?, ?)')
    .all(...tables)
    .map(({ rootpage }) => Number(rootpage));
  const { page_count: count } = database.prepare('pragma page_count').get() as { page_count: number };
  database.close();
  return Array.from({ length: count }, (_, at) => at + 1).filter(
    (page) => page > 1 && !others.includes(page),
  );
}

async function replace(file: string, bytes: Buffer): Promise<void> {
  for (const suffix of ['', '-wal', '-shm']) await fs.rm(file + suffix, { force: true });
  await fs.writeFile(file, bytes);
}

async function check(place: Parameters<typeof openDatabase>[0]): Promise<'whole' | 'named' | 'damaged'> {
  try {
    const store = createStore(await openDatabase(place));
    try {
      const { findings } = await verifyAuditTrail(store.audit, sha256);
      return findings.length === 0 ? 'whole' : 'named';
    } finally {
      await store.close();
    }
  } catch (error) {
    // SQLite itself sees that the file is damaged, which `audit verify` says.
    assert.ok(
      error instanceof CannotOpen || (error as { code?: string }).code === 'ERR_SQLITE_ERROR',
      String(error),
    );
    return 'damaged';
  }
}
