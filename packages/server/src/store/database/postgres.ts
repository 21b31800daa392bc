import {
  type CompiledQuery,
  HandleEmptyInListsPlugin,
  Kysely,
  PostgresDialect,
  type PostgresPool,
  type PostgresPoolClient,
  replaceWithNoncontingentExpression,
  sql,
} from 'kysely';
import { Pool, type PoolClient, type PoolConfig, type QueryResultRow, types as standardTypes } from 'pg';
import Cursor from 'pg-cursor';
import { type Db, type Dialect, isRowOf } from './dialect.ts';
import { PipelinedReads } from './pipelined-reads.ts';
import { isConflict, isDatabaseAway } from './postgres-errors.ts';
import type { Database } from './schema.ts';

/** How often a transaction that met another one is run again before its request is told to come back later. */
const ATTEMPTS = 40;
/** Waiting for a connection, for another's lock, and for a statement, in milliseconds: then the request fails. */
const CONNECTION_TIMEOUT = 10_000;
const LOCK_TIMEOUT = 10_000;
const STATEMENT_TIMEOUT = 120_000;
/** Names the lock of those who change tables: "schema" in ASCII. A number: PostgreSQL before 16 reads decimal alone. */
const SCHEMA_LOCK = 0x736368656d61;
/** Statements that a connection keeps prepared, and the longest text of one: beyond it parsing is the least of its cost. */
const PREPARED = 300;
const LONGEST_PREPARED = 4000;

/** Rows from which on it matters how a table is read. */
const WORTH_COUNTING = 50;

/** Connections for short reads. */
const SHORT_READS = 3;

export const postgresDialect: Dialect = {
  name: 'postgres',
  types: { integer: 'int8', bytes: 'bytea', text: sql`text collate "C"`, double: sql`double precision` },
  matches: (column, pattern) =>
    sql`${column} like ${pattern.replaceAll(/[\\%_]/g, (special) => `\\${special}`).replaceAll('*', '%')}`,
  listOf: (values) => `{${values.map(quoted).join(',')}}`,
  among: (column, list, of) => sql`${column} = any(${list}::${sql.raw(of === 'texts' ? 'text' : 'int8')}[])`,
  // `offset 0` keeps the conditions that follow out of what is looked up.
  joinRow: (table, of) => sql`left join lateral (
    select * from ${sql.table(table)} where ${isRowOf(table, of)} offset 0) as ${sql.table(table)} on true`,
  locking: (how) => sql.raw(how),
  rowsAtOnce: <Row>(db: Db, { sql: text, parameters }: CompiledQuery<Row>) =>
    pipelines.get(db)?.rows<Row & QueryResultRow>(text, parameters.map(asValue)),
  lockSchema: async (transaction) => {
    await sql`select pg_advisory_xact_lock(${sql.lit(SCHEMA_LOCK)})`.execute(transaction);
  },
  analyze: async (write, which) => {
    if (which === 'ALL') return void (await sql`analyze`.execute(write));
    const { rows } = await sql<{ name: string }>`
      select c.relname as name from pg_stat_user_tables s join pg_class c on c.oid = s.relid
      where s.schemaname = current_schema() and s.n_live_tup >= ${WORTH_COUNTING}
      and (s.n_live_tup > 2 * c.reltuples or (s.last_analyze is null and s.last_autoanalyze is null))`.execute(write);
    // Another server may be at it.
    for (const { name } of rows) await sql`analyze (skip_locked) ${sql.table(name)}`.execute(write);
  },
  snapshot: async (read, work) => {
    if (read.isTransaction) return work(read);
    return read.transaction().setIsolationLevel('repeatable read').setAccessMode('read only').execute(work);
  },
  holdSnapshot: async (read) => {
    const db = await read.startTransaction().setIsolationLevel('repeatable read').setAccessMode('read only').execute();
    // A reader may be paused for long between two reads, by whoever takes what it gives.
    await sql`set local idle_in_transaction_session_timeout = 0`.execute(db);
    return { db, release: async () => void (await db.rollback().execute()) };
  },
  transact: async (write, isolation, work) => {
    try {
      return await write.transaction().setIsolationLevel(isolation).execute(work);
    } catch (error) {
      if (!isConflict(error, 1)) throw error;
    }
    // Those that met another get in line, here and then among servers: else they would meet each other again and again.
    return inTurn(write, async () => {
      for (let attempt = 2; ; attempt++) {
        try {
          return await write
            .transaction()
            .setIsolationLevel(isolation)
            .execute(async (db) => {
              // A statement that sees nothing yet: what others do while it waits is seen by the next one.
              await sql`lock table schema_version in exclusive mode`.execute(db);
              return work(db);
            });
        } catch (error) {
          if (!isConflict(error, attempt) || attempt >= ATTEMPTS) throw error;
        }
      }
    });
  },
};

export interface PostgresOptions {
  /** Connections at once, beside those for short reads. */
  readonly connections?: number;
}

interface Line {
  last: Promise<unknown>;
  /** Why nobody of this line is tried any more. */
  away?: unknown;
}

const lines = new WeakMap<Db, Line>();

/**
 * One after another for each handle: whoever waits holds no connection. Where the database cannot be had, or somebody has
 * kept it for too long, all that wait end with the one that found out: none waits for as long again.
 */
function inTurn<T>(write: Db, work: () => Promise<T>): Promise<T> {
  const line = lines.get(write) ?? { last: Promise.resolve() };
  lines.set(write, line);
  const turn = line.last.then(async () => {
    if (line.away !== undefined) throw line.away;
    try {
      return await work();
    } catch (error) {
      if (isDatabaseAway(error) && !isConflict(error, 1)) {
        line.away = error;
        if (lines.get(write) === line) lines.delete(write);
      }
      throw error;
    }
  });
  line.last = turn.catch(() => undefined);
  return turn;
}

/** A value within an array. */
const quoted = (value: number | string): string => `"${String(value).replaceAll(/["\\]/g, '\\$&')}"`;

/** Of handles, not of the transactions on them. */
const pipelines = new WeakMap<Db, PipelinedReads>();

/** One pool that reads and writes, and connections for short reads. Nothing is connected to before the first query. */
export function openPostgres(url: string, { connections = 7 }: PostgresOptions = {}): Db {
  const settings = settingsOf(url);
  const pool = new Pool({ ...settings, max: connections });
  const reads = new PipelinedReads(settings, SHORT_READS);
  // A connection that the database ends while it is idle is replaced when one is needed. One that ends while it is lent
  // out fails the statement or the next one: this listener only keeps Node from ending the process over it.
  pool.on('error', () => undefined);
  pool.on('connect', (client) => client.on('error', () => undefined));
  const end = async (): Promise<void> => {
    await reads.end();
    await pool.end();
  };
  const db = new Kysely<Database>({
    dialect: new PostgresDialect({ pool: preparing(pool, end), cursor: NumberCursor }),
    // Nothing is among no values: SQLite knows `in ()`, PostgreSQL takes it for a mistake.
    plugins: [new HandleEmptyInListsPlugin({ strategy: replaceWithNoncontingentExpression })],
  });
  pipelines.set(db, reads);
  return db;
}

/** How to connect: what the URL says, with limits on waiting, and TLS that is verified unless it is told otherwise. */
export function settingsOf(url: string): PoolConfig {
  const { hostname, searchParams } = new URL(url);
  const here =
    ['', 'localhost', '127.0.0.1', '[::1]'].includes(hostname) || /^%2f/i.test(hostname) || searchParams.has('host');
  return {
    connectionString: url,
    ...(here || searchParams.has('sslmode') ? {} : { ssl: true }),
    application_name: 'assay',
    connectionTimeoutMillis: CONNECTION_TIMEOUT,
    lock_timeout: LOCK_TIMEOUT,
    statement_timeout: STATEMENT_TIMEOUT,
    // So that an idle connection to a host that vanished is found out, not lent out.
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
    types,
  };
}

const INT8 = 20;
const NUMERIC = 1700;

/** 64-bit integers and sums of them as numbers: nothing that is stored is past 2^53. */
const types = {
  getTypeParser: (oid: number, format?: 'text' | 'binary') =>
    oid === INT8 || oid === NUMERIC ? Number : standardTypes.getTypeParser(oid, format),
} as NonNullable<PoolConfig['types']>;

class NumberCursor<Row> extends Cursor<Row> {
  constructor(text: string, values: unknown[]) {
    super(text, values, { types });
  }
}

/** Names the statements of each connection, so that the database parses and plans a text once. */
function preparing(pool: Pool, end: () => Promise<void>): PostgresPool {
  const clients = new WeakMap<PoolClient, PostgresPoolClient>();
  return {
    options: pool.options,
    connect: async () => {
      const client = await pool.connect();
      const known = clients.get(client) ?? prepare(client);
      clients.set(client, known);
      return known;
    },
    end,
  };
}

function prepare(client: PoolClient): PostgresPoolClient {
  const names = new Map<string, string>();
  const nameOf = (text: string): { readonly name?: string } => {
    const known = names.get(text);
    if (known !== undefined) return { name: known };
    if (names.size >= PREPARED || text.length > LONGEST_PREPARED) return {};
    const name = `s${names.size}`;
    names.set(text, name);
    return { name };
  };
  const query = (given: string | Cursor, values: readonly unknown[] = []) => {
    if (typeof given !== 'string') return client.query(given);
    const text = withoutEmptyLists(given);
    return client.query({ text, values: values.map(asValue), ...(values.length > 0 ? nameOf(text) : {}) });
  };
  return {
    query: query as PostgresPoolClient['query'],
    release: (destroy) => client.release(destroy),
  };
}

/** Nothing is among nothing: SQLite says so, and PostgreSQL of a list that holds NULL alone. Texts have no quoted values. */
const withoutEmptyLists = (text: string): string =>
  text.includes(' in ()') ? text.replaceAll(' in ()', ' in (null)') : text;

/** The driver would store undefined as NULL, and objects as JSON, in silence: refuse what is no value. */
function asValue(value: unknown): unknown {
  if (value === null || ['string', 'number', 'bigint'].includes(typeof value) || value instanceof Uint8Array) {
    return value;
  }
  throw new TypeError(`A query parameter must be a number, text, bytes or null, not ${typeof value}`);
}
