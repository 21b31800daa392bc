import { type CompiledQuery, type ExpressionWrapper, type Kysely, type RawBuilder, type SqlBool, sql } from 'kysely';
import type { SegmentCache } from '../segments/segment-cache.ts';
import type { Database } from './schema.ts';

/** A handle on the store: reads and writes outside a transaction, or a transaction itself. */
export type Db = Kysely<Database>;

/** What SQL dialects write differently; everything else in the store is one text for all. */
export interface Dialect {
  readonly name: 'sqlite' | 'postgres';
  /** Column types of the migrations. Texts compare by their bytes, as they do in JavaScript for what ids are made of. */
  readonly types: {
    readonly integer: 'integer' | 'int8';
    readonly bytes: 'blob' | 'bytea';
    readonly text: RawBuilder<unknown>;
    readonly double: RawBuilder<unknown>;
  };
  /** `column` matches a wildcard pattern of the API, case-sensitively: see domain/wildcard.ts. */
  readonly matches: (column: ColumnExpression, pattern: string) => RawBuilder<SqlBool>;
  /** Any number of integers, or of texts, as one parameter of {@link among}: the text of SQL is the same for all. */
  readonly listOf: (values: readonly number[] | readonly string[]) => string;
  /** `column` is one of a list that {@link listOf} made. */
  readonly among: (column: RawBuilder<unknown>, list: string, of: 'integers' | 'texts') => RawBuilder<SqlBool>;
  /**
   * A left join with the row of a table whose key, scope and id, are those of the row `of`; conditions on it may follow,
   * each after an `and`. The row is looked up by its key whatever they are: where PostgreSQL has not counted yet what came
   * in this minute, it takes the rows of any condition for a single one, and reads all of a run's for each row of `of`.
   */
  readonly joinRow: (table: 'runs' | 'findings', of: string) => RawBuilder<unknown>;
  /**
   * What a select ends in that keeps other transactions from the rows that it reads, for as long as its own lasts.
   * Nothing on SQLite, where one transaction writes at a time.
   */
  readonly locking: (
    how: 'for update' | 'for update of c' | 'for update skip locked' | 'for key share',
  ) => RawBuilder<unknown>;
  /**
   * The rows of a query, one of a few short ones that are asked again and again, past all that waits in between; undefined
   * where it has to wait its turn, as while another's transaction is open on the handle, and inside of transactions. SQLite
   * gives them at once, of a moment after which nothing can have come in; PostgreSQL is asked for all of a turn together.
   */
  readonly rowsAtOnce: <Row>(db: Db, query: CompiledQuery<Row>) => Row[] | Promise<Row[]> | undefined;
  /** Keeps whoever else would change the tables waiting until the transaction ends. */
  readonly lockSchema: (transaction: Db) => Promise<void>;
  /**
   * Counts what tables hold, all of them or those that have doubled since they were counted: PostgreSQL plans by it, and
   * comes round to it by itself a minute later or more. SQLite plans by the indexes there are.
   */
  readonly analyze: (write: Db, which: 'ALL' | 'DOUBLED') => Promise<void>;
  /** Reads several times from one state of the store: what is committed meanwhile is not seen. */
  readonly snapshot: <T>(read: Db, work: (db: Db) => Promise<T>) => Promise<T>;
  /**
   * {@link snapshot} of its first read for as long as the caller likes, on a handle that nobody else uses.
   */
  readonly holdSnapshot: (read: Db) => Promise<{ readonly db: Db; readonly release: () => Promise<void> }>;
  /**
   * A transaction that writes, as if no other ran beside it. `work` may be run again from its beginning, with nothing
   * left of what it did to the store, where one did.
   */
  readonly transact: <T>(write: Db, isolation: Isolation, work: (db: Db) => Promise<T>) => Promise<T>;
}

/**
 * `serializable` unless the work is right with less: `repeatable read` finds that two transactions wrote the same row,
 * but not that each read what the other one wrote; with `read committed` every statement sees what was committed before
 * it, for work that holds a lock for as long as it lasts.
 */
export type Isolation = 'serializable' | 'repeatable read' | 'read committed';

type ColumnExpression = ExpressionWrapper<Database, keyof Database, string> | RawBuilder<string>;

/** What a table's port is made from: inside a transaction both handles are the transaction. */
export interface Handle {
  readonly read: Db;
  readonly write: Db;
  readonly dialect: Dialect;
  readonly segments: SegmentCache;
}

/** A row of a table has the scope and the id of another row. */
export const isRowOf = (table: string, other: string): RawBuilder<SqlBool> =>
  sql`${sql.ref(`${table}.scope`)} = ${sql.ref(`${other}.scope`)} and ${sql.ref(`${table}.id`)} = ${sql.ref(`${other}.id`)}`;
