import type { Expression, Kysely } from 'kysely';
import type { Database } from '../database/schema.ts';

/** How the rows of a list are laid out in segments. */
export interface Layout {
  /** Tells lists apart in the tables: never changes. */
  readonly list: number;
  /** The table whose rows are listed: it has scope, id and created_at, the order of the list. */
  readonly table: 'runs' | 'findings';
  /** The columns that a segment keeps, beside created_at and id. */
  readonly columns: readonly Column[];
  /** What a segment keeps besides of columns of texts that do not repeat, to be left out by: see bloom-column.ts. */
  readonly bloomFilters?: readonly BloomFilter[];
  /** Those of the columns, all dictionaries, that the answer of a list takes. */
  readonly answer: readonly Column[];
  /** A statement that counts what hides rows of the list: while there is any, a list is read from a snapshot. */
  readonly invisible?: (db: Kysely<Database>, scope: number) => Expression<unknown>;
}

export interface Column {
  /** Its number in the tables, below 32: never changes. */
  readonly kind: number;
  /** Of the list's table. */
  readonly name: string;
  /**
   * Numbers; texts, or numbers as texts, that repeat; texts that do not; such texts that patterns match; or terms, which rows are only looked for by: the
   * hash of a text, or those hashes that the table's column holds as bytes.
   */
  readonly type: 'number' | 'dictionary' | 'text' | 'name' | 'terms';
  /** Of the hashes that the table's column holds, those with this remainder. */
  readonly part?: { readonly remainder: number; readonly of: number };
}

export interface BloomFilter {
  /** Its number among those of the columns. */
  readonly kind: number;
  /** The kind of the column of texts. */
  readonly of: number;
}

/** The columns that every list has. */
export const CREATED_AT = 0;
export const ID = 1;

/** Rows of a segment. More make a scan cheaper, and a change dearer. At most 65,535, so that a place fits 16 bits. */
export const SEGMENT_SIZE = 4096;

/** Columns of a segment are numbered in one row: list_block_columns.id is the segment times this, and the kind. */
export const KINDS = 32;
