import { type RawBuilder, sql } from 'kysely';
import type { Db, Position } from '../dialect.ts';
import type { BlockCondition } from './block-filter.ts';
import { readDictionary } from './dictionary-column.ts';
import { CREATED_AT, ID, type Layout } from './layout.ts';
import { readNumber } from './number-column.ts';
import { selectRows } from './selection.ts';
import { openTexts, textAt } from './text-column.ts';

/** A row that matched: its place, and the texts of the columns that were asked for. */
export interface FoundRow extends Position {
  readonly texts: readonly (string | null)[];
}

/**
 * The first `limit` rows of a list's blocks after a position that fulfil every condition, in the order of the list. Three
 * statements at most; blocks are read one by one until there are enough rows, and those that can have none are left
 * out by the database. Call it in a snapshot.
 */
export async function readBlocks(
  db: Db,
  { list }: Pick<Layout, 'list'>,
  scope: number,
  conditions: readonly BlockCondition[],
  after: Position | undefined,
  limit: number,
  texts: readonly number[],
): Promise<FoundRow[]> {
  const kept = after && (await blockAround(db, list, scope, after, texts));
  if (after && !kept) return [];
  const matches: { readonly block: number; readonly row: number }[] = [];
  const rows = new Uint16Array(0xffff);
  const query = candidates(list, scope, conditions, after).compile(db);
  for await (const batch of db.getExecutor().stream<Candidate>(query, 8)) {
    for (const block of batch.rows) {
      let count = selectRows(rows, block.id === kept?.id ? kept.start : 0, block.count);
      for (const [at, { test }] of conditions.entries()) {
        if (count === 0) break;
        count = test(block[`c${at}`] as Uint8Array, rows, count);
      }
      for (const row of rows.subarray(0, Math.min(count, limit - matches.length)))
        matches.push({ block: block.id, row });
      if (matches.length >= limit) return found(db, matches, kept, texts);
    }
  }
  return found(db, matches, kept, texts);
}

type Candidate = { readonly id: number; readonly count: number } & Readonly<Record<`c${number}`, Uint8Array>>;

/** Blocks with rows after the position that may match, newest first, each with the columns of the conditions. */
function candidates(
  list: number,
  scope: number,
  conditions: readonly BlockCondition[],
  after: Position | undefined,
): RawBuilder<Candidate> {
  const parts = conditions.map(({ kind, from, to, mask }, at) => {
    const name = (column: string) => sql.ref(`t${at}.${column}`);
    const where = [sql`${name('block')} = b.id and ${name('kind')} = ${kind}`];
    if (from !== undefined) where.push(sql`${name('max_value')} >= ${from}`);
    if (to !== undefined) where.push(sql`${name('min_value')} <= ${to}`);
    if (mask !== undefined) where.push(sql`(${name('mask')} & ${mask}) <> 0`);
    return {
      data: sql`, ${name('data')} as ${sql.ref(`c${at}`)}`,
      join: sql` cross join list_block_columns as ${sql.table(`t${at}`)}`,
      where: sql` and ${sql.join(where, sql` and `)}`,
    };
  });
  const all = (part: 'data' | 'join' | 'where') =>
    sql.join(
      parts.map((one) => one[part]),
      sql``,
    );
  const below = after ? sql` and (b.last_at, b.last_id) < (${after.at}, ${after.id})` : sql``;
  return sql<Candidate>`select b.id, b.count${all('data')} from list_blocks as b${all('join')}
    where b.list = ${list} and b.scope = ${scope}${below}${all('where')} order by b.last_at desc, b.last_id desc`;
}

interface Keys {
  readonly id: number;
  readonly count: number;
  readonly at: (row: number) => Position;
  readonly texts: readonly ((row: number) => string | null)[];
}

/** The first block with rows after a position, with its keys and the first of those rows. */
async function blockAround(db: Db, list: number, scope: number, after: Position, texts: readonly number[]) {
  const { rows } = await sql<KeyColumn>`select k.block, k.kind, k.data from list_block_columns k where k.block = (
      select id from list_blocks where list = ${list} and scope = ${scope} and (last_at, last_id) < (${after.at}, ${after.id})
      order by last_at desc, last_id desc limit 1)
    and k.kind in (${sql.join([CREATED_AT, ID, ...texts])})`.execute(db);
  const [keys] = keysOf(rows, texts).values();
  if (!keys) return undefined;
  let [start, end] = [0, keys.count];
  while (start < end) {
    const middle = (start + end) >>> 1;
    const { at, id } = keys.at(middle);
    if (at > after.at || (at === after.at && id >= after.id)) start = middle + 1;
    else end = middle;
  }
  return { ...keys, start };
}

interface KeyColumn {
  readonly block: number;
  readonly kind: number;
  readonly data: Uint8Array;
}

async function found(
  db: Db,
  matches: readonly { readonly block: number; readonly row: number }[],
  kept: Keys | undefined,
  texts: readonly number[],
): Promise<FoundRow[]> {
  const missing = [...new Set(matches.map(({ block }) => block))].filter((block) => block !== kept?.id);
  let columns: readonly KeyColumn[] = [];
  if (missing.length > 0) {
    const query = sql<KeyColumn>`select block, kind, data from list_block_columns
      where block in (${sql.join(missing)}) and kind in (${sql.join([CREATED_AT, ID, ...texts])})`;
    columns = (await query.execute(db)).rows;
  }
  const keys = keysOf(columns, texts);
  if (kept) keys.set(kept.id, kept);
  return matches.map(({ block, row }) => {
    const own = keys.get(block);
    if (!own) throw new Error(`The block ${block} of a list has lost its keys`);
    return { ...own.at(row), texts: own.texts.map((read) => read(row)) };
  });
}

function keysOf(columns: readonly KeyColumn[], texts: readonly number[]): Map<number, Keys> {
  const byBlock = new Map<number, Map<number, Uint8Array>>();
  for (const { block, kind, data } of columns) {
    const own = byBlock.get(block) ?? new Map<number, Uint8Array>();
    byBlock.set(block, own.set(kind, data));
  }
  const keys = new Map<number, Keys>();
  for (const [id, own] of byBlock) {
    const column = (kind: number): Uint8Array => {
      const data = own.get(kind);
      if (!data) throw new Error(`The block ${id} of a list has lost its column ${kind}`);
      return data;
    };
    const times = readNumber(column(CREATED_AT));
    const ids = openTexts(column(ID));
    keys.set(id, {
      id,
      count: ids.starts.length - 1,
      at: (row) => ({ at: times(row) ?? 0, id: textAt(ids, row) }),
      texts: texts.map((kind) => readDictionary(column(kind))),
    });
  }
  return keys;
}
