import { existsSync } from 'node:fs';
import fs from 'node:fs/promises';
import path from 'node:path';
import { Kysely, PostgresDialect, sql } from 'kysely';
import { type Migration, Migrator } from 'kysely/migration';
import pg from 'pg';
import { makePrivateFolder } from '#platform/private-folder.ts';
import * as peopleAndAudit from './migrations/0001-people-and-audit.ts';
import * as receipts from './migrations/0002-receipts.ts';
import * as versionsNoticesManagers from './migrations/0003-versions-notices-managers.ts';
import type { Schema } from './schema.ts';
import { NodeSqliteDialect } from './sqlite.ts';

export type DatabaseKind = 'sqlite' | 'postgres';

/** A database whose tables are those of this version. */
export type Database = {
  readonly kind: DatabaseKind;
  readonly kysely: Kysely<Schema>;
  readonly close: () => Promise<void>;
};

/** Where the database is: a PostgreSQL server where there is an address, or else one file in a folder. */
export type DatabasePlace = { readonly databaseUrl: string | null; readonly dataDir: string };

/** The database cannot be opened; the message says what is wrong and what to look at. It holds no password. */
export class CannotOpen extends Error {
  override readonly name = 'CannotOpen';
}

/** The name of the file in the folder for data. */
export const databaseFile = 'clear-to-use.sqlite';

/** Numbered, forward only. A migration that has been released is never changed. */
export const migrations: Readonly<Record<string, Migration>> = {
  '0001-people-and-audit': peopleAndAudit,
  '0002-receipts': receipts,
  '0003-versions-notices-managers': versionsNoticesManagers,
};

/**
 * Opens the database and brings its tables up to date; several servers may do so at once. Throws `CannotOpen` where
 * it cannot be opened, or where a newer version has been there.
 */
export async function openDatabase(place: DatabasePlace): Promise<Database> {
  return openAndPrepare(place, 'write', migrate);
}

/** Opens a database that is there already, to change it. Throws `CannotOpen` where there is none, and where `openDatabase` does. */
export async function openExisting(place: DatabasePlace): Promise<Database> {
  mustExist(place);
  return openDatabase(place);
}

/**
 * Opens a database that is there already, only to look into it: nothing in it changes, its tables neither. Throws `CannotOpen` where
 * there is none, or where its tables are not those of this version.
 */
export async function openForReading(place: DatabasePlace): Promise<Database> {
  mustExist(place);
  return openAndPrepare(place, 'read', checkIsUpToDate);
}

function mustExist({ databaseUrl, dataDir }: DatabasePlace): void {
  if (databaseUrl === null && !existsSync(path.join(dataDir, databaseFile)))
    throw new CannotOpen(`there is no database in \`${dataDir}\`. DATA_DIR names its folder.`);
}

async function openAndPrepare(
  place: DatabasePlace,
  use: 'read' | 'write',
  prepare: (kysely: Kysely<Schema>) => Promise<void>,
): Promise<Database> {
  let database: Database | undefined;
  try {
    database =
      place.databaseUrl === null
        ? await openSqlite(place.dataDir, use)
        : openPostgres(place.databaseUrl, use);
    await prepare(database.kysely);
    return database;
  } catch (error) {
    await database?.close().catch(() => {});
    throw error instanceof CannotOpen
      ? error
      : new CannotOpen(describeFailure(place, error), { cause: error });
  }
}

/** What is wrong with a database, in our own words. */
export function describeFailure({ databaseUrl, dataDir }: DatabasePlace, error: unknown): string {
  const { code, errcode } = error as { readonly code?: string; readonly errcode?: number };
  const why = sqliteErrors[(errcode ?? 0) & 0xff] ?? code ?? 'no code';
  return databaseUrl === null
    ? `the database in \`${dataDir}\` cannot be used (${why}). DATA_DIR names its folder.`
    : `the PostgreSQL server cannot be used (${why}). DATABASE_URL says where it is.`;
}

// https://sqlite.org/rescode.html: those that whoever runs the service can do something about.
const sqliteErrors: Readonly<Record<number, string>> = {
  5: 'another process holds it',
  8: 'it cannot be written to',
  10: 'the disk does not answer',
  11: 'the file is damaged',
  13: 'the disk is full',
  14: 'the file cannot be opened',
  26: 'the file is damaged',
};

async function openSqlite(dataDir: string, use: 'read' | 'write'): Promise<Database> {
  const file = path.join(dataDir, databaseFile);
  if (use === 'write') {
    await makeDataFolder(dataDir);
    // The folder may have been there before us. What SQLite puts beside the file gets the same rights.
    await (await fs.open(file, 'a', 0o600)).close();
  }
  const kysely = new Kysely<Schema>({ dialect: new NodeSqliteDialect(file, use) });
  return { kind: 'sqlite', kysely, close: () => kysely.destroy() };
}

// What is in it concerns nobody else on the machine.
async function makeDataFolder(dataDir: string): Promise<void> {
  try {
    await makePrivateFolder(dataDir);
  } catch (error) {
    const { code = 'no code' } = error as NodeJS.ErrnoException;
    throw new CannotOpen(
      `the folder for data, \`${dataDir}\`, cannot be made (${folderErrors[code] ?? code}). Set DATA_DIR to a folder that this user may write to.`,
      { cause: error },
    );
  }
}

const folderErrors: Readonly<Record<string, string>> = {
  EACCES: 'this user may not',
  EEXIST: 'it is there and is not a folder',
  ENOENT: 'no folder can be made there',
  ENOSPC: 'the disk is full',
  ENOTDIR: 'what is above it is not a folder',
  EPERM: 'this user may not',
  EROFS: 'the disk cannot be written to',
};

function openPostgres(databaseUrl: string, use: 'read' | 'write'): Database {
  const pool = new pg.Pool({
    connectionString: databaseUrl,
    max: 10,
    connectionTimeoutMillis: 10_000,
    idleTimeoutMillis: 30_000,
    application_name: 'clear-to-use',
    types: { getTypeParser },
    // At the start of the connection: set later it would stay on connections that a pooler shares with the service.
    ...(use === 'read' ? { options: '-c default_transaction_read_only=on' } : {}),
  });
  // A connection that breaks while nobody uses it is replaced by the pool; without this the process would end.
  pool.on('error', () => {});
  const kysely = new Kysely<Schema>({ dialect: new PostgresDialect({ pool }) });
  return { kind: 'postgres', kysely, close: () => kysely.destroy() };
}

// Counts are 8 bytes long and would come as text.
const int8 = 20;
const getTypeParser = ((oid: number, format?: 'text' | 'binary') =>
  oid === int8 ? Number : pg.types.getTypeParser(oid, format ?? 'text')) as typeof pg.types.getTypeParser;

async function migrate(kysely: Kysely<Schema>): Promise<void> {
  const migrator = new Migrator({ db: kysely, provider: { getMigrations: async () => ({ ...migrations }) } });
  const { error, results } = await migrator.migrateToLatest();
  if (error === undefined) return;
  const failed = results?.find(({ status }) => status === 'Error')?.migrationName;
  if (failed !== undefined)
    throw new CannotOpen(`the migration \`${failed}\` of the database failed`, { cause: error });
  // The database itself says no; without a code it is Kysely, which misses a migration that was made before.
  if (error instanceof Error && 'code' in error) throw error;
  throw new CannotOpen(usedByNewer, { cause: error });
}

const usedByNewer = 'a newer version of this program has used the database';

async function checkIsUpToDate(kysely: Kysely<Schema>): Promise<void> {
  const made = await madeMigrations(kysely);
  const known = Object.keys(migrations);
  if (made.length === 0)
    throw new CannotOpen('there is nothing in the database yet. Start the service first.');
  if (made.some((name) => !known.includes(name))) throw new CannotOpen(usedByNewer);
  if (known.every((name) => made.includes(name))) return;
  throw new CannotOpen(
    'the database is as an older version of this program left it, and looking into it must not change it. Look with that version, or start the service, which brings the database up to date.',
  );
}

async function madeMigrations(kysely: Kysely<Schema>): Promise<string[]> {
  const tables = await kysely.introspection.getTables({ withInternalKyselyTables: true });
  if (!tables.some(({ name }) => name === 'kysely_migration')) return [];
  const { rows } = await sql<{ name: string }>`select name from kysely_migration`.execute(kysely);
  return rows.map(({ name }) => name);
}
