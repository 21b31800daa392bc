import type { ExpressionWrapper, Kysely, RawBuilder, SqlBool } from 'kysely';
import type { Database } from './schema.ts';

/** A handle on the store: reads and writes outside a transaction, or a transaction itself. */
export type Db = Kysely<Database>;

/** What SQL dialects write differently; everything else in the store is one text for all. */
export interface Dialect {
  readonly name: 'sqlite' | 'postgres';
  /** Column types of the migrations. */
  readonly types: { readonly integer: 'integer' | 'int8'; readonly bytes: 'blob' | 'bytea'; readonly json: 'text' };
  /** `column` matches a wildcard pattern of the API, case-sensitively: see domain/wildcard.ts. */
  readonly matches: (column: ColumnExpression, pattern: string) => RawBuilder<SqlBool>;
  /** Reads several times from one state of the store: what is committed meanwhile is not seen. */
  readonly snapshot: <T>(read: Db, work: (db: Db) => Promise<T>) => Promise<T>;
}

type ColumnExpression = ExpressionWrapper<Database, keyof Database, string> | RawBuilder<string>;

/** What a table's port is made from: inside a transaction both handles are the transaction. */
export interface Handle {
  readonly read: Db;
  readonly write: Db;
  readonly dialect: Dialect;
}

/** Where a page of a list ended: lists are ordered by creation time and id, newest first. */
export interface Position {
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly id: string;
}
