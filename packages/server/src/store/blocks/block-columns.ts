import { type CompiledQuery, sql } from 'kysely';
import type { Db, Handle } from '../database/dialect.ts';
import type { BlockCache } from './block-cache.ts';
import type { Block } from './directory.ts';
import { KINDS, type Layout } from './layout.ts';
import { type OpenColumn, openersOf, sizeOf } from './open-column.ts';

/** Columns of a block by their kind. */
export type Columns = readonly (OpenColumn | undefined)[];

/** The columns of a list's blocks: those that are in memory, and the others from a snapshot of the store. */
export interface BlockColumns {
  /** The column, if it is in memory. */
  readonly get: (block: number, kind: number) => OpenColumn | undefined;
  /**
   * Hands over each of some blocks with the columns that `kindsOf` names, in any order. One statement at most, whatever
   * it reads; false where it would take one and there is no snapshot.
   */
  readonly visit: (
    blocks: readonly Block[],
    kindsOf: (block: Block) => readonly number[],
    use: (block: Block, columns: Columns) => void,
  ) => Promise<boolean>;
}

export function createBlockColumns(
  { columns: cache }: BlockCache,
  layout: Pick<Layout, 'columns' | 'signatures'>,
  snapshot: Pick<Handle, 'read' | 'dialect'> | undefined,
): BlockColumns {
  const openers = openersOf(layout);
  const get = (block: number, kind: number): OpenColumn | undefined => cache.get(block * KINDS + kind);

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
    visit: async (blocks, kindsOf, use) => {
      const waiting = new Map<number, { readonly block: Block; readonly columns: (OpenColumn | undefined)[] }>();
      const missing: number[] = [];
      for (const block of blocks) {
        const columns: (OpenColumn | undefined)[] = [];
        const before = missing.length;
        for (const kind of new Set(kindsOf(block))) {
          columns[kind] = get(block.id, kind);
          if (!columns[kind]) missing.push(block.id * KINDS + kind);
        }
        if (missing.length === before) use(block, columns);
        else waiting.set(block.id, { block, columns });
      }
      if (missing.length === 0) return true;
      if (!snapshot) return false;
      // A block's columns come one after another, so that none is held for longer than it takes to test it.
      let left = missing.length;
      let current = waiting.get(Number.NaN);
      for await (const { id, data } of columnsById(snapshot, missing)) {
        const next = waiting.get(Math.floor(id / KINDS));
        if (current && current !== next) use(current.block, current.columns);
        current = next;
        if (current) current.columns[id % KINDS] = take(id, data);
        left--;
      }
      if (current) use(current.block, current.columns);
      if (left > 0) throw new Error(`Blocks of a list have lost ${left} of their columns`);
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
