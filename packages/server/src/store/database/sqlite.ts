import { realpathSync } from 'node:fs';
import { DatabaseSync, type SQLInputValue, type SQLOutputValue, type StatementSync } from 'node:sqlite';
import {
  CompiledQuery,
  type DatabaseConnection,
  type Driver,
  Kysely,
  type QueryResult,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
  sql,
} from 'kysely';
import { type Db, type Dialect, isRowOf } from './dialect.ts';
import { LogOnDisk, type SyncFile } from './log-on-disk.ts';
import type { Database } from './schema.ts';

/** How long a writer waits for another process's transaction before the request fails, in milliseconds. */
const BUSY_TIMEOUT = 5000;
const CACHED_STATEMENTS = 500;
/** Pages of the log that a commit takes into the file itself, 64 MiB: a server does it before, in another thread. */
const LOG_PAGES = 8192;
/** Bytes that the log keeps of its size when it begins anew. */
const LOG_KEPT = 4 * 1024 * 1024;

export const sqliteDialect: Dialect = {
  name: 'sqlite',
  types: { integer: 'integer', bytes: 'blob', text: sql`text`, double: sql`real` },
  // GLOB is case-sensitive and knows ?, [ and * where the API knows * only: the first two become classes of one.
  matches: (column, pattern) => sql`${column} glob ${pattern.replaceAll(/[?[]/g, (special) => `[${special}]`)}`,
  listOf: JSON.stringify,
  among: (column, list) => sql`${column} in (select value from json_each(${list}))`,
  joinRow: (table, of) => sql`left join ${sql.table(table)} on ${isRowOf(table, of)}`,
  locking: () => sql``,
  rowsAtOnce: (db, query) => handles.get(db)?.rowsAtOnce(query),
  lockSchema: async () => undefined,
  analyze: async () => undefined,
  holdSnapshot: async (read) => {
    await read.executeQuery(CompiledQuery.raw('begin'));
    return { db: read, release: async () => undefined };
  },
  // Others go on while the disk takes it.
  transact: async (write, _isolation, work) => {
    const value = await write.transaction().execute(work);
    await handles.get(write)?.log?.committed();
    return value;
  },
  // Deferred: a handle that only reads may not begin what could turn to writing.
  snapshot: async (read, work) => {
    if (read.isTransaction) return work(read);
    return read.connection().execute(async (db) => {
      await sql`begin`.execute(db);
      try {
        return await work(db);
      } finally {
        await sql`rollback`.execute(db);
      }
    });
  },
};

export interface OpenSqlite {
  readonly write: Db;
  readonly read: Db;
  /** What was committed, and can be read, but is not on disk yet: see {@link LogOnDisk.pending}. */
  readonly pending: () => Promise<void> | undefined;
}

/**
 * Opens a file with two handles: one that writes, and one that only reads and so sees what is committed without waiting
 * for the writer (WAL). What was acknowledged survives the power failing: whoever writes waits for the log to be on disk,
 * which another thread brings there; SQLite itself (synchronous NORMAL) sees to it that the file is never the worse.
 */
export function openSqlite(file: string, sync?: SyncFile): OpenSqlite {
  const write = new DatabaseSync(file, { timeout: BUSY_TIMEOUT });
  // Two rows of findings' texts (finding-texts.ts) fit a page of this size. It counts for a new file alone.
  write.exec('pragma page_size = 8192');
  const mode = write.prepare('pragma journal_mode = wal').get()?.journal_mode;
  if (mode !== 'wal') {
    write.close();
    throw new Error(`The store ${file} cannot be kept here: SQLite's write-ahead log does not work in this place`);
  }
  write.exec('pragma synchronous = normal; pragma cache_size = -32768;');
  write.exec(`pragma wal_autocheckpoint = ${LOG_PAGES}; pragma journal_size_limit = ${LOG_KEPT};`);
  // SQLite makes the log when it first looks at the file, beside what a link leads to.
  write.exec('select 1 from sqlite_schema limit 1');
  const log = new LogOnDisk(`${realpathSync(file)}-wal`, sync);
  return { write: kysely(write, log), read: openSqliteReader(file), pending: () => log.pending() };
}

/** The reading handle alone, over a file that is there. */
export function openSqliteReader(file: string): Db {
  const read = new DatabaseSync(file, { timeout: BUSY_TIMEOUT, readOnly: true });
  // As much of the file as SQLite maps at all: lists read megabytes of it, and a call to the system a page costs more.
  read.exec('pragma cache_size = -32768; pragma mmap_size = 2147418112;');
  return kysely(read);
}

/** Of the handles themselves, not of transactions on them. */
const handles = new WeakMap<Db, NodeSqliteConnection>();

/** `log`: where the handle writes. */
function kysely(database: DatabaseSync, log?: LogOnDisk): Db {
  const connection = new NodeSqliteConnection(database, log);
  const db = new Kysely<Database>({
    dialect: {
      createAdapter: () => new SqliteAdapter(),
      createDriver: () => new NodeSqliteDriver(database, connection),
      createIntrospector: (introspected) => new SqliteIntrospector(introspected),
      createQueryCompiler: () => new SqliteQueryCompiler(),
    },
  });
  handles.set(db, connection);
  return db;
}

/** Kysely's driver over one node:sqlite handle. Kysely itself lets one query or transaction at a time through. */
class NodeSqliteDriver implements Driver {
  readonly #connection: NodeSqliteConnection;
  readonly #database: DatabaseSync;
  /** Resolves when the event loop has turned since the last transaction. */
  #turn: Promise<void> | undefined;

  constructor(database: DatabaseSync, connection: NodeSqliteConnection) {
    this.#database = database;
    this.#connection = connection;
  }

  async init(): Promise<void> {}
  async acquireConnection(): Promise<DatabaseConnection> {
    return this.#connection;
  }
  /**
   * Immediate: a deferred transaction that turns to writing late can fail at once with SQLITE_BUSY_SNAPSHOT. One a turn of
   * the event loop: a commit writes all that it changed, and many in a row would keep all else waiting.
   */
  async beginTransaction(): Promise<void> {
    await this.#turn;
    this.#connection.run(CompiledQuery.raw('begin immediate'));
  }
  async commitTransaction(): Promise<void> {
    this.#connection.run(CompiledQuery.raw('commit'));
    this.#turn = new Promise((resolve) => {
      setImmediate(() => {
        this.#turn = undefined;
        resolve();
      });
    });
  }
  /** SQLite itself rolls back on a full disk and the like: a second rollback would hide the error that says so. */
  async rollbackTransaction(): Promise<void> {
    if (!this.#database.isTransaction) return;
    this.#connection.run(CompiledQuery.raw('rollback'));
  }
  async releaseConnection(): Promise<void> {}
  async destroy(): Promise<void> {
    this.#connection.clear();
    await this.#connection.log?.close();
    this.#database.close();
  }
}

interface Prepared {
  readonly statement: StatementSync;
  /** True where it gives rows: asked for once, since the answer lists every column. */
  readonly gives: boolean;
}

/** Connections on which queries of this moment share a look at the file: see NodeSqliteConnection.rowsAtOnce. */
const looking = new Set<NodeSqliteConnection>();

class NodeSqliteConnection implements DatabaseConnection {
  /** Where this handle writes. */
  readonly log: LogOnDisk | undefined;
  readonly #database: DatabaseSync;
  readonly #statements = new Map<string, Prepared>();
  readonly #readers = new Map<string, { readonly statement: StatementSync; readonly names: readonly string[] }>();

  constructor(database: DatabaseSync, log: LogOnDisk | undefined) {
    this.#database = database;
    this.log = log;
  }

  async executeQuery<R>(query: CompiledQuery): Promise<QueryResult<R>> {
    const result = this.run<R>(query);
    // Outside of a transaction a statement is one.
    if (this.log && !this.#database.isTransaction) await this.log.committed();
    return result;
  }

  /** Without waiting for the disk. */
  run<R>(query: CompiledQuery): QueryResult<R> {
    this.endLook();
    const { statement, gives } = this.#prepare(query.sql);
    const parameters = asInputValues(query.parameters);
    try {
      if (gives) return { rows: statement.all(...parameters) as R[] };
      const { changes, lastInsertRowid } = statement.run(...parameters);
      return { rows: [], numAffectedRows: BigInt(changes), insertId: BigInt(lastInsertRowid) };
    } finally {
      // Committed: whoever goes on after it sees it.
      if (this.log && !this.#database.isTransaction) for (const other of looking) other.endLook();
    }
  }

  /**
   * Rows as arrays, which node:sqlite makes faster than objects. The caller has few texts, so all are kept.
   *
   * Queries that follow each other before anything else can come in, of requests that came in together, are read in one
   * transaction: its lock takes as long as a page. So what any of them sees was committed after its request had come.
   */
  rowsAtOnce<R>({ sql: text, parameters }: CompiledQuery<R>): R[] | undefined {
    if (!looking.has(this)) {
      if (this.#database.isTransaction) return undefined;
      this.#database.exec('begin');
      looking.add(this);
      // After those that are as far as this one, and before anything else can come in.
      queueMicrotask(() => this.endLook());
    }
    let reader = this.#readers.get(text);
    if (!reader) {
      const statement = this.#database.prepare(text, { returnArrays: true });
      reader = { statement, names: statement.columns().map(({ name }) => name) };
      this.#readers.set(text, reader);
    }
    const { statement, names } = reader;
    const rows = statement.all(...asInputValues(parameters)) as unknown as SQLOutputValue[][];
    return rows.map((values) => {
      const row: Record<string, unknown> = {};
      for (let index = 0; index < names.length; index++) row[names[index] ?? ''] = values[index];
      return row as R;
    });
  }

  endLook(): void {
    if (looking.delete(this)) this.#database.exec('commit');
  }

  /** Not from the cache: running a cached statement again would invalidate a live iteration over it. */
  async *streamQuery<R>(query: CompiledQuery): AsyncIterableIterator<QueryResult<R>> {
    this.endLook();
    const statement = this.#database.prepare(query.sql);
    for (const row of statement.iterate(...asInputValues(query.parameters))) yield { rows: [row as R] };
  }

  clear(): void {
    this.endLook();
    this.#statements.clear();
    this.#readers.clear();
  }

  #prepare(text: string): Prepared {
    const cached = this.#statements.get(text);
    if (cached) {
      this.#statements.delete(text);
      this.#statements.set(text, cached);
      return cached;
    }
    const statement = this.#database.prepare(text);
    const prepared = { statement, gives: statement.columns().length > 0 };
    this.#statements.set(text, prepared);
    if (this.#statements.size > CACHED_STATEMENTS) {
      const [oldest = ''] = this.#statements.keys();
      this.#statements.delete(oldest);
    }
    return prepared;
  }
}

/** node:sqlite takes an object in first place for named parameters and stores NULL in silence: refuse what is no value. */
function asInputValues(values: readonly unknown[]): readonly SQLInputValue[] {
  for (const value of values) {
    const type = typeof value;
    if (type === 'string' || type === 'number' || value === null || type === 'bigint' || value instanceof Uint8Array)
      continue;
    throw new TypeError(`A query parameter must be a number, text, bytes or null, not ${type}`);
  }
  return values as readonly SQLInputValue[];
}

/** SQLITE_BUSY and its kin: another process held the store for longer than we wait. Trying again can succeed. */
export const isBusy = (error: unknown): boolean => {
  const { errcode } = (error ?? {}) as { readonly errcode?: unknown };
  return typeof errcode === 'number' && (errcode & 0xff) === 5;
};
