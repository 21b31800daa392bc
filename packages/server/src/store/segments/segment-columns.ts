import { type CompiledQuery, sql } from 'kysely';
import type { Db, Handle } from '../database/dialect.ts';
import { KINDS, type Layout } from './layout.ts';
import type { Segment } from './manifest.ts';
import { type OpenColumn, openersOf, sizeOf } from './open-column.ts';
import type { SegmentCache } from './segment-cache.ts';

/** Columns of a segment by their kind. */
export type Columns = readonly (OpenColumn | undefined)[];

/** The columns of a list's segments: those that are in memory, and the others from a snapshot of the store. */
export interface SegmentColumns {
  /** The column, if it is in memory. */
  readonly get: (segment: number, kind: number) => OpenColumn | undefined;
  /**
   * Hands over each of some segments with the columns that `kindsOf` names, in any order. One statement at most, whatever
   * it reads; false where it would take one and there is no snapshot.
   */
  readonly visit: (
    segments: readonly Segment[],
    kindsOf: (segment: Segment) => readonly number[],
    use: (segment: Segment, columns: Columns) => void,
  ) => Promise<boolean>;
}

export function createSegmentColumns(
  { columns: cache }: SegmentCache,
  layout: Pick<Layout, 'columns' | 'bloomFilters'>,
  snapshot: Pick<Handle, 'read' | 'dialect'> | undefined,
): SegmentColumns {
  const openers = openersOf(layout);
  const get = (segment: number, kind: number): OpenColumn | undefined => cache.get(segment * KINDS + kind);

  /** Opened, and kept for the next time. */
  const take = (id: number, data: Uint8Array): OpenColumn => {
    const open = openers[id % KINDS];
    if (!open) throw new Error(`Nothing is known of columns of a list of kind ${id % KINDS}`);
    const column = open(data);
    cache.keep(id, column, sizeOf(column));
    return column;
  };

  return {
    get,
    visit: async (segments, kindsOf, use) => {
      const waiting = new Map<number, { readonly segment: Segment; readonly columns: (OpenColumn | undefined)[] }>();
      const missing: number[] = [];
      for (const segment of segments) {
        const columns: (OpenColumn | undefined)[] = [];
        const before = missing.length;
        for (const kind of new Set(kindsOf(segment))) {
          columns[kind] = get(segment.id, kind);
          if (!columns[kind]) missing.push(segment.id * KINDS + kind);
        }
        if (missing.length === before) use(segment, columns);
        else waiting.set(segment.id, { segment, columns });
      }
      if (missing.length === 0) return true;
      if (!snapshot) return false;
      // A segment's columns come one after another, so that none is held for longer than it takes to test it.
      let left = missing.length;
      let current = waiting.get(Number.NaN);
      for await (const { id, data } of columnsById(snapshot, missing)) {
        const next = waiting.get(Math.floor(id / KINDS));
        if (current && current !== next) use(current.segment, current.columns);
        current = next;
        if (current) current.columns[id % KINDS] = take(id, data);
        left--;
      }
      if (current) use(current.segment, current.columns);
      if (left > 0) throw new Error(`Segments of a list have lost ${left} of their columns`);
      return true;
    },
  };
}

interface Stored {
  readonly id: number;
  readonly data: Uint8Array;
}

/** Rows of list_block_columns as they come, in the order of their ids. */
async function* columnsById(
  { read, dialect }: { readonly read: Db; readonly dialect: Handle['dialect'] },
  ids: readonly number[],
): AsyncGenerator<Stored> {
  const query = sql<Stored>`select id, data from list_block_columns where ${dialect.among(sql.ref('id'), dialect.listOf(ids), 'integers')} order by id`;
  const compiled = query.compile(read) as CompiledQuery<Stored>;
  for await (const { rows } of read.getExecutor().stream<Stored>(compiled, ROWS_AT_ONCE)) yield* rows;
}

/** Where the database is asked for rows in groups: each is a round trip, and some megabytes at most. */
const ROWS_AT_ONCE = 64;
