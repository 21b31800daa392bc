import { type CompiledQuery, type RawBuilder, sql } from 'kysely';
import type { Db, Position } from '../dialect.ts';
import type { BlockCondition } from './block-filter.ts';
import { readDictionary } from './dictionary-column.ts';
import { CREATED_AT, ID, KINDS, type Layout } from './layout.ts';
import { readNumber } from './number-column.ts';
import { allRows } from './selection.ts';
import { openTexts, textAt } from './text-column.ts';

/** A row that matched: its place, and the texts of the columns that were asked for. */
export interface FoundRow extends Position {
  readonly texts: readonly (string | null)[];
}

/** So many blocks are looked at together where columns are read in two rounds; after them all others. */
const ROUNDS = [4, 60, Number.MAX_SAFE_INTEGER];

/**
 * The first `limit` rows of a list's blocks after a position that fulfil every condition, in the order of the list. A
 * constant number of statements: blocks are read one by one until there are enough rows, and those that can have none
 * are left out by the database. Call it in a snapshot.
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
  const matches: Match[] = [];
  const take = (block: number, rows: Uint16Array): boolean => {
    for (const row of rows.subarray(0, limit - matches.length)) matches.push({ block, row });
    return matches.length >= limit;
  };
  const startOf = (block: number): number => (block === kept?.id ? kept.start : 0);
  const early = conditions.filter(({ late }) => !late);
  const late = conditions.filter((condition) => condition.late);
  if (early.length === 0 || late.length === 0) {
    for await (const block of blocksAfter(db, list, scope, conditions, after, Number.MAX_SAFE_INTEGER)) {
      if (take(block.id, passing(conditions, block, allRows(startOf(block.id), block.count)))) break;
    }
    return found(db, matches, kept, texts);
  }
  let from = after;
  for (const most of ROUNDS) {
    const left = new Map<number, Uint16Array>();
    let seen = 0;
    for await (const block of blocksAfter(db, list, scope, early, from, most)) {
      const rows = passing(early, block, allRows(startOf(block.id), block.count));
      if (rows.length > 0) left.set(block.id, rows.slice());
      from = { at: block.lastAt, id: block.lastId };
      seen++;
    }
    for await (const block of blocksAmong(db, late, [...left.keys()])) {
      const rows = left.get(block.id);
      if (rows && take(block.id, passing(late, block, rows))) return found(db, matches, kept, texts);
    }
    if (seen < most) break;
  }
  return found(db, matches, kept, texts);
}

interface Match {
  readonly block: number;
  readonly row: number;
}

type Data = Readonly<Record<`c${number}`, Uint8Array>>;
type Candidate = {
  readonly id: number;
  readonly count: number;
  readonly lastAt: number;
  readonly lastId: string;
} & Data;

/** Which of the rows fulfil all conditions, whose columns are c0, c1 …: a view of the rows given, which it overwrites. */
function passing(conditions: readonly BlockCondition[], columns: Data, rows: Uint16Array): Uint16Array {
  let count = rows.length;
  for (const [at, { test }] of conditions.entries()) {
    if (count === 0) break;
    const data = columns[`c${at}`];
    if (!data) throw new Error(`A block of a list was read without the column c${at}`);
    count = test(data, rows, count);
  }
  return rows.subarray(0, count);
}

/** Blocks with rows after the position that may match, newest first, each with the columns of the conditions. */
async function* blocksAfter(
  db: Db,
  list: number,
  scope: number,
  conditions: readonly BlockCondition[],
  after: Position | undefined,
  most: number,
): AsyncGenerator<Candidate> {
  const { data, join, where } = columnsOf(conditions);
  const below = after ? sql` and (b.last_at, b.last_id) < (${after.at}, ${after.id})` : sql``;
  yield* rowsOf<Candidate>(
    db,
    sql`select b.id, b.count, b.last_at as "lastAt", b.last_id as "lastId"${data} from list_blocks as b${join}
      where b.list = ${list} and b.scope = ${scope}${below}${where}
      order by b.last_at desc, b.last_id desc limit ${most}`,
  );
}

/** The columns of the conditions of some blocks, newest first. */
async function* blocksAmong(
  db: Db,
  conditions: readonly BlockCondition[],
  blocks: readonly number[],
): AsyncGenerator<{ readonly id: number } & Data> {
  if (blocks.length === 0) return;
  const { data, join, where } = columnsOf(conditions);
  yield* rowsOf<{ readonly id: number } & Data>(
    db,
    sql`select b.id${data} from list_blocks as b${join} where b.id in (${sql.join([...blocks])})${where}
      order by b.last_at desc, b.last_id desc`,
  );
}

async function* rowsOf<Row>(db: Db, query: RawBuilder<unknown>): AsyncGenerator<Row> {
  for await (const batch of db.getExecutor().stream<Row>(query.compile(db) as CompiledQuery<Row>, 8)) yield* batch.rows;
}

function columnsOf(conditions: readonly BlockCondition[]) {
  const parts = conditions.map(({ kind, from, to, mask }, at) => {
    const name = (column: string) => sql.ref(`t${at}.${column}`);
    const where = [sql`${name('id')} = b.id * ${sql.lit(KINDS)} + ${sql.lit(kind)}`];
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
  return { data: all('data'), join: all('join'), where: all('where') };
}

interface Keys {
  readonly id: number;
  readonly count: number;
  readonly at: (row: number) => Position;
  readonly texts: readonly ((row: number) => string | null)[];
}

/** The first block with rows after a position, with its keys and the first of those rows. */
async function blockAround(db: Db, list: number, scope: number, after: Position, texts: readonly number[]) {
  const kinds = [CREATED_AT, ID, ...texts].map((kind) => sql`b.id * ${sql.lit(KINDS)} + ${sql.lit(kind)}`);
  const { rows } = await sql<KeyColumn>`select k.id, k.data from (
      select id from list_blocks where list = ${list} and scope = ${scope}
      and (last_at, last_id) < (${after.at}, ${after.id}) order by last_at desc, last_id desc limit 1) as b
    cross join list_block_columns as k where k.id in (${sql.join(kinds)})`.execute(db);
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
  readonly id: number;
  readonly data: Uint8Array;
}

async function found(
  db: Db,
  matches: readonly Match[],
  kept: Keys | undefined,
  texts: readonly number[],
): Promise<FoundRow[]> {
  const missing = [...new Set(matches.map(({ block }) => block))].filter((block) => block !== kept?.id);
  let columns: readonly KeyColumn[] = [];
  if (missing.length > 0) {
    const ids = missing.flatMap((block) => [CREATED_AT, ID, ...texts].map((kind) => block * KINDS + kind));
    const query = sql<KeyColumn>`select id, data from list_block_columns where id in (${sql.join(ids)})`;
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
  for (const { id, data } of columns) {
    const block = Math.floor(id / KINDS);
    const own = byBlock.get(block) ?? new Map<number, Uint8Array>();
    byBlock.set(block, own.set(id % KINDS, data));
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
