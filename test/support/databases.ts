import { randomBytes } from 'node:crypto';
import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { describe } from 'node:test';
import pg from 'pg';
import { type DatabasePlace, openDatabase } from '#store/database.ts';
import { createStore, type Store } from '#store/store.ts';

/** A database of a test's own, empty, on one of the two kinds. */
export type TestDatabase = { readonly place: DatabasePlace; readonly remove: () => Promise<void> };

export type DatabaseKind = {
  readonly name: 'SQLite' | 'PostgreSQL';
  readonly create: () => Promise<TestDatabase>;
};

/** Where the server for the tests is; `npm test` starts one. Undefined: tests that want it are left out. */
const postgresUrl = process.env.TEST_DATABASE_URL;

export const sqlite: DatabaseKind = {
  name: 'SQLite',
  async create() {
    const dataDir = await fs.mkdtemp(path.join(os.tmpdir(), 'ctu-data-'));
    return {
      place: { databaseUrl: null, dataDir },
      remove: () => fs.rm(dataDir, { recursive: true, force: true }),
    };
  },
};

export const postgres: DatabaseKind = {
  name: 'PostgreSQL',
  async create() {
    const name = `test_${randomBytes(8).toString('hex')}`;
    await ask(`create database ${name}`);
    const url = new URL((postgresUrl ?? '').replace('@/', '@localhost/'));
    url.pathname = `/${name}`;
    return {
      place: { databaseUrl: url.href.replace('@localhost/', '@/'), dataDir: os.tmpdir() },
      remove: () => ask(`drop database if exists ${name} with (force)`),
    };
  },
};

/**
 * Two servers on one database. SQLite is for one server, which does many things at once: there it is the same store twice. (Several
 * processes on one file: test/store/several-processes.test.ts.)
 */
export async function openTwoServers({ place }: TestDatabase): Promise<readonly [Store, Store]> {
  const store = createStore(await openDatabase(place));
  return [store, place.databaseUrl === null ? store : createStore(await openDatabase(place))];
}

/** Describes the same tests once for each database. Those for PostgreSQL are left out where there is no server. */
export function onBothDatabases(what: string, tests: (kind: DatabaseKind) => void): void {
  describe(`${what} (SQLite)`, () => tests(sqlite));
  const skip = postgresUrl === undefined ? 'no PostgreSQL on this machine' : false;
  describe(`${what} (PostgreSQL)`, { skip }, () => tests(postgres));
}

async function ask(sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: postgresUrl });
  await client.connect();
  await client.query(sql);
  await client.end();
}
