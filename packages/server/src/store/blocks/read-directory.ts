import { type RawBuilder, sql } from 'kysely';
import type { Db, Handle } from '../database/dialect.ts';
import type { BlockCache } from './block-cache.ts';
import type { Block, Directory, Summary, Version } from './directory.ts';
import { CREATED_AT, ID, KINDS, type Layout } from './layout.ts';

/** A 48-bit mask in halves that JavaScript computes with. */
export const halves = (mask: number): readonly [low: number, high: number] => [mask % HALF, Math.floor(mask / HALF)];

const HALF = 2 ** 24;

/** {@link Version} in SQL: one row, `newest` and `blocks`. */
export const versionOf = (list: number, scope: number): RawBuilder<unknown> =>
  sql`select max(id) as newest, count(*) as blocks from list_blocks where list = ${list} and scope = ${scope}`;

const keyOf = (list: number, scope: number): number => scope * 16 + list;

export function knownDirectory(
  { directories }: BlockCache,
  { list }: Pick<Layout, 'list'>,
  scope: number,
  version: Version,
): Directory | undefined {
  if (version.count === 0) return { version, blocks: [] };
  const known = directories.get(keyOf(list, scope));
  return known && known.version.newest === version.newest && known.version.count === version.count ? known : undefined;
}

/** Reads the directory of the snapshot's version, in two statements: what is known of a block already is not read again. */
export async function readDirectory(
  { read, dialect, blocks: { directories } }: Pick<Handle, 'read' | 'dialect' | 'blocks'>,
  { list, columns, signatures = [] }: Pick<Layout, 'list' | 'columns' | 'signatures'>,
  scope: number,
  version: Version,
): Promise<Directory> {
  const before = directories.get(keyOf(list, scope));
  const known = new Map(before?.blocks.map((block) => [block.id, block]));
  const { rows } = await sql<{ id: number; count: number; at: number; last: string }>`
    select id, count, last_at as at, last_id as last from list_blocks
    where list = ${list} and scope = ${scope} order by last_at desc, last_id desc`.execute(read);
  const kinds = [CREATED_AT, ID, ...[...columns, ...signatures].map(({ kind }) => kind)];
  const unknown = rows.filter(({ id }) => !known.has(id));
  const summaries = await summariesOf(
    read,
    dialect,
    unknown.flatMap(({ id }) => kinds.map((kind) => id * KINDS + kind)),
  );
  const blocks = rows.map(
    ({ id, count, at, last }): Block =>
      known.get(id) ?? { id, count, last: { at, id: last }, summaries: summaries.get(id) ?? [] },
  );
  const directory = { version, blocks };
  // What a snapshot that began long ago sees is of use to nobody else.
  if ((before?.version.newest ?? 0) <= (version.newest ?? 0)) {
    directories.keep(keyOf(list, scope), directory, 1000 + blocks.length * 2000);
  }
  return directory;
}

async function summariesOf(db: Db, { among, listOf }: Handle['dialect'], ids: readonly number[]) {
  const summaries = new Map<number, (Summary | undefined)[]>();
  if (ids.length === 0) return summaries;
  const { rows } = await sql<{ id: number; min: number | null; max: number | null; mask: number | null }>`
    select id, min_value as min, max_value as max, mask from list_block_columns
    where ${among(sql.ref('id'), listOf(ids), 'integers')}`.execute(db);
  for (const { id, min, max, mask } of rows) {
    const block = Math.floor(id / KINDS);
    const own = summaries.get(block) ?? [];
    const [low, high] = halves(mask ?? 0);
    own[id % KINDS] = { min, max, nulls: mask !== 0, low, high };
    summaries.set(block, own);
  }
  return summaries;
}
