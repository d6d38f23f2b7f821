import assert from 'node:assert/strict';
import fs from 'node:fs/promises';
import path from 'node:path';
import { it } from 'node:test';
import { sql } from 'kysely';
import { CannotOpen, migrations, openDatabase, openForReading } from '#store/database.ts';
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

  it('are not touched by whoever only reads, and an older version of them is named instead of brought up to date', async () => {
    const own = await kind.create();
    const { kysely, close } = await openDatabase(own.place);
    const made = async () =>
      (await sql<{ name: string }>`select name from kysely_migration`.execute(kysely)).rows.length;
    const readonly = await openForReading(own.place);
    await assert.rejects(
      sql`delete from kysely_migration`.execute(readonly.kysely),
      /readonly database|read-only transaction/,
    );
    await readonly.close();
    const last = Object.keys(migrations).at(-1);
    await sql`delete from kysely_migration where name = ${last}`.execute(kysely);
    const before = await made();
    await assert.rejects(openForReading(own.place), (error) => {
      assert.ok(error instanceof CannotOpen);
      assert.match(
        error.message,
        /^the database is as an older version of this program left it, .* start the service/,
      );
      return true;
    });
    assert.equal(await made(), before);
    await sql`insert into kysely_migration (name, timestamp) values (${last}, 'now'), ('9999-later', 'now')`.execute(
      kysely,
    );
    await assert.rejects(openForReading(own.place), {
      message: 'a newer version of this program has used the database',
    });
    await close();
    await own.remove();
  });
});
