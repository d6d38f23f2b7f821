import assert from 'node:assert/strict';
import fs from 'node:fs/promises';
import path from 'node:path';
import { it } from 'node:test';
import { sql } from 'kysely';
import { migrations, openDatabase } from '#store/database.ts';
import { onBothDatabases } from '#test/support/databases.ts';
import { describeSchema } from '#test/support/describe-schema.ts';

const folder = path.resolve(import.meta.dirname, '..', '..', 'src', 'store');

onBothDatabases('the tables', (kind) => {
  const golden = path.join(folder, kind.name === 'SQLite' ? 'schema.sqlite.sql' : 'schema.postgres.txt');

  // UPDATE_SCHEMA=1 writes the golden file anew, for whoever adds a migration.
  it('are those of the golden file, and hold nothing but text, integer and real', async () => {
    const own = await kind.create();
    const database = await openDatabase(own.place);
    const described = await describeSchema(database);
    await database.close();
    await own.remove();
    if (process.env.UPDATE_SCHEMA === '1') await fs.writeFile(golden, described);
    assert.equal(described, await fs.readFile(golden, 'utf8'));
    assert.doesNotMatch(described, /\b(json|jsonb|timestamp|boolean|bytea|blob|bigint|numeric|date)\b/i);
  });

  it('are brought up to date by several servers that start at once, each migration once', async () => {
    const own = await kind.create();
    const databases = await Promise.all(Array.from({ length: 4 }, () => openDatabase(own.place)));
    const { rows } = await sql<{ name: string }>`select name from kysely_migration order by name`.execute(
      (databases[0] as (typeof databases)[number]).kysely,
    );
    assert.deepEqual(
      rows.map(({ name }) => name),
      Object.keys(migrations).sort(),
    );
    await Promise.all(databases.map((database) => database.close()));
    await own.remove();
  });
});
