import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite';
import {
  CompiledQuery,
  type DatabaseConnection,
  type DatabaseIntrospector,
  type Dialect,
  type Driver,
  type Kysely,
  type QueryResult,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
} from 'kysely';
import { LRUCache } from 'lru-cache';

/** What a database is opened for. To read: whatever would change it fails. */
export type SqliteUse = 'read' | 'write';

// Another process, such as a command line that checks the trail, may hold the file for a moment.
const pragmas: Readonly<Record<SqliteUse, string>> = {
  write:
    'pragma busy_timeout = 5000; pragma journal_mode = wal; pragma synchronous = full; pragma foreign_keys = on',
  // Not with SQLite's own flag for reading: that leaves files beside the database, which may belong to somebody else than the service.
  read: 'pragma busy_timeout = 5000; pragma query_only = on',
};

/**
 * Kysely's dialect for the SQLite inside Node. One connection for the whole process, handed out to one user at a time, so that
 * transactions never mix. What was committed survives a power cut: the log is flushed with every commit.
 */
export class NodeSqliteDialect implements Dialect {
  readonly #file: string;
  readonly #use: SqliteUse;

  /** `file` is a path, or `:memory:`. */
  constructor(file: string, use: SqliteUse) {
    this.#file = file;
    this.#use = use;
  }

  createDriver(): Driver {
    return new NodeSqliteDriver(this.#file, this.#use);
  }
  createQueryCompiler(): SqliteQueryCompiler {
    return new SqliteQueryCompiler();
  }
  createAdapter(): SqliteAdapter {
    return new TransactionalAdapter();
  }
  createIntrospector(db: Kysely<unknown>): DatabaseIntrospector {
    return new SqliteIntrospector(db);
  }
}

// Kysely is careful and says no; SQLite has always been able to.
class TransactionalAdapter extends SqliteAdapter {
  override get supportsTransactionalDdl(): boolean {
    return true;
  }
}

class NodeSqliteDriver implements Driver {
  readonly #file: string;
  readonly #use: SqliteUse;
  #database: DatabaseSync | undefined;
  #connection: NodeSqliteConnection | undefined;
  #lastUser: Promise<void> = Promise.resolve();
  #release: (() => void) | undefined;

  constructor(file: string, use: SqliteUse) {
    this.#file = file;
    this.#use = use;
  }

  async init(): Promise<void> {
    this.#database = new DatabaseSync(this.#file);
    this.#database.exec(pragmas[this.#use]);
    this.#connection = new NodeSqliteConnection(this.#database);
  }

  async acquireConnection(): Promise<DatabaseConnection> {
    const before = this.#lastUser;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#lastUser = promise;
    await before;
    this.#release = resolve;
    if (this.#connection === undefined) throw new Error('the database is closed');
    return this.#connection;
  }

  async releaseConnection(): Promise<void> {
    this.#release?.();
  }

  // Immediately, so that two writers wait for one another instead of failing half-way.
  async beginTransaction(connection: DatabaseConnection): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw('begin immediate'));
  }
  async commitTransaction(connection: DatabaseConnection): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw('commit'));
  }
  async rollbackTransaction(connection: DatabaseConnection): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw('rollback'));
  }

  async destroy(): Promise<void> {
    await this.#lastUser;
    this.#connection = undefined;
    this.#database?.close();
    this.#database = undefined;
  }
}

class NodeSqliteConnection implements DatabaseConnection {
  readonly #database: DatabaseSync;
  // Preparing takes longer than running.
  readonly #statements = new LRUCache<string, StatementSync>({ max: 200 });

  constructor(database: DatabaseSync) {
    this.#database = database;
  }

  async executeQuery<Row>({ sql, parameters }: CompiledQuery): Promise<QueryResult<Row>> {
    const statement = this.#prepare(sql);
    const values = parameters as SQLInputValue[];
    if (statement.columns().length > 0) return { rows: statement.all(...values) as Row[] };
    const { changes, lastInsertRowid } = statement.run(...values);
    return { rows: [], numAffectedRows: BigInt(changes), insertId: BigInt(lastInsertRowid) };
  }

  async *streamQuery<Row>({ sql, parameters }: CompiledQuery): AsyncIterableIterator<QueryResult<Row>> {
    // Its own statement: one that is read row by row must not be started again by somebody else.
    for (const row of this.#database.prepare(sql).iterate(...(parameters as SQLInputValue[])))
      yield { rows: [row as Row] };
  }

  #prepare(sql: string): StatementSync {
    const known = this.#statements.get(sql);
    if (known !== undefined) return known;
    const made = this.#database.prepare(sql);
    this.#statements.set(sql, made);
    return made;
  }
}
