import { type RawBuilder, sql } from 'kysely';
import { othersFirst } from '../../domain/others-first.ts';
import type { Db, Handle } from '../database/dialect.ts';
import type { Position } from '../lists/position.ts';
import { decodeTerms } from './decode-terms.ts';
import { decodeDictionary, encodeDictionary, maskOf } from './dictionary-column.ts';
import { encodeTerms } from './encode-terms.ts';
import { BLOCK_SIZE, type Column, CREATED_AT, ID, KINDS, type Layout } from './layout.ts';
import { decodeNumbers, encodeNumbers, numberAt, openNumbers, rangeOf } from './number-column.ts';
import { encodeSignature } from './signature-column.ts';
import { termHash } from './term-hash.ts';
import { maskOfTerms, openTerms, type Terms, termsOf } from './terms-column.ts';
import { decodeTexts, encodeTexts, openTexts, textAt } from './text-column.ts';

/** What a block keeps of a row of one of the {@link Source}s. */
export type Value = string | number | null | Uint32Array;
/** A row of a list as a block keeps it: a value a source, created_at and id first. */
type Row = readonly Value[];

/** A column of the table, and the columns of a block that it is kept in: one, or one for each part of its terms. */
export interface Source {
  readonly name: string;
  readonly type: Column['type'];
  readonly kinds: readonly number[];
}

/** Changes that are read before others of this thread come in between. */
const BITE = 512;

export interface SealLimits {
  /** Rows of a block. */
  readonly size?: number;
  /** Changes taken in at once. */
  readonly changes?: number;
  /** Blocks made again at once. */
  readonly blocks?: number;
}

/**
 * Takes the oldest changes of a list into its blocks, and returns how many it took: it makes the blocks again that the
 * changed rows stand in. Call it in a transaction of `repeatable read` at least. None where somebody else seals lists of
 * this scope at the moment. A block takes up to 100 ms of a busy machine: others of this thread come in between.
 */
export async function sealBlocks(
  { write: db, dialect }: Pick<Handle, 'write' | 'dialect'>,
  layout: Layout,
  scope: number,
  { size = BLOCK_SIZE, changes: most = BLOCK_SIZE, blocks: mostBlocks = 4 }: SealLimits = {},
): Promise<number> {
  const { list } = layout;
  const sources = sourcesOf(layout);
  const [, , ...others] = sources;
  const valuesOf = rowReader(others);
  const own = others.map(({ name }) => sql`, ${sql.ref(`${layout.table}.${name}`)}`);
  const { rows: turn } = await sql`select id from scopes where id = ${scope}
    ${dialect.locking('for update skip locked')}`.execute(db);
  if (turn.length === 0) return 0;
  const changed: Change[] = [];
  for (let bite = BITE; bite === BITE && changed.length < most; ) {
    const { at, id } = changed.at(-1) ?? { at: Number.MIN_SAFE_INTEGER, id: '' };
    // Locked: who changes one of these rows again meanwhile waits, and then notes it anew.
    const { rows } = await sql<Change>`
      select c.created_at as at, c.id, ${sql.ref(`${layout.table}.id`)} as there${sql.join(own, sql``)} from list_changes as c
      ${dialect.joinRow(layout.table, 'c')}
      where c.list = ${list} and c.scope = ${scope} and (c.created_at, c.id) > (${at}, ${id})
      order by c.created_at, c.id limit ${Math.min(BITE, most - changed.length)}
      ${dialect.locking('for update of c')}`.execute(db);
    changed.push(...rows);
    bite = rows.length;
    await othersFirst();
  }
  if (changed.length === 0) return 0;
  const { rows: blocks } = await sql<Block>`select id, count, last_at as "at", last_id as "last" from list_blocks
    where list = ${list} and scope = ${scope} order by last_at, last_id`.execute(db);

  // Oldest first on both sides: a row belongs to the newest block that ends at or before it, or else to the oldest.
  const groups = new Map<Block | undefined, typeof changed>();
  let place = 0;
  for (const change of changed) {
    for (
      let next = blocks[place + 1];
      next && !isBefore(change, { at: next.at, id: next.last });
      next = blocks[place + 1]
    )
      place++;
    const block = blocks[place];
    const group = groups.get(block) ?? [];
    if (group.length === 0 && groups.size >= mostBlocks) break;
    group.push(change);
    groups.set(block, group);
  }
  const newest = blocks.at(-1);
  let taken: Position | undefined;
  let count = 0;
  for (const [block, all] of groups) {
    // Where the list only grows, what is full is left alone and what is written is full: nothing is made twice.
    const isSettled = block === newest && block !== undefined && (await isFullBefore(db, block, all, size));
    const before = block && !isSettled ? block.count : 0;
    const group = block === newest ? all.slice(0, wholeBlocks(before, all.length, size)) : all;
    count += group.length;
    taken = group.at(-1);
    const gone = new Set(group.map(({ id }) => id));
    const kept =
      block && !isSettled ? (await rowsOf(db, sources, block.id)).filter((row) => !gone.has(String(row[ID]))) : [];
    const now = group.filter(({ there }) => there !== null).map((row): Row => [row.at, row.id, ...valuesOf(row)]);
    const rows = [...kept, ...now].sort(oldestFirst);
    if (block && !isSettled) await removeBlock(db, block.id);
    await othersFirst();
    // Full blocks where the list grows; halves where rows came in between.
    const length = block === newest ? size : Math.ceil(rows.length / Math.ceil(rows.length / size));
    for (let from = 0; from < rows.length; from += length) {
      await writeBlock(db, layout, sources, scope, rows.slice(from, from + length).reverse());
    }
  }
  if (taken) {
    await sql`delete from list_changes where list = ${list} and scope = ${scope}
      and (created_at, id) <= (${taken.at}, ${taken.id})`.execute(db);
  }
  return count;
}

/** The block is full, and every one of the changes is of a row after its own. */
async function isFullBefore(db: Db, block: Block, [oldest]: readonly Position[], size: number): Promise<boolean> {
  if (block.count < size || !oldest) return false;
  const { rows } = await sql<{ id: number; data: Uint8Array }>`select id, data from list_block_columns
    where id in (${block.id * KINDS + CREATED_AT}, ${block.id * KINDS + ID}) order by id`.execute(db);
  const [times, ids] = rows;
  if (!times || !ids) throw new Error(`The block ${block.id} of a list has lost its keys`);
  const first = { at: numberAt(openNumbers(times.data), 0) ?? 0, id: textAt(openTexts(ids.data), 0) };
  return isBefore(first, oldest);
}

/** How many of so many changes to take into a block of so many rows: all, or as many as make whole blocks. */
function wholeBlocks(rows: number, changes: number, size: number): number {
  const whole = Math.floor((rows + changes) / size) * size - rows;
  return whole > 0 ? whole : changes;
}

interface Block {
  readonly id: number;
  readonly count: number;
  readonly at: number;
  readonly last: string;
}

/** A row of the table, or of what is left of one that is gone. */
type Values = Readonly<Record<string, string | number | Uint8Array | null>>;

type Change = Position & { readonly there: string | null } & Values;

/** What a block keeps of rows of the table. Of a text whose hash is kept, the hash is made once. */
export function rowReader(sources: readonly Source[]): (row: Values) => Row {
  const hashes = new Map<string, number>();
  const hashOf = (text: string): number => {
    const known = hashes.get(text);
    if (known !== undefined) return known;
    const hash = termHash(text);
    hashes.set(text, hash);
    return hash;
  };
  return (row) =>
    sources.map(({ name, type }): Value => {
      const value = row[name] ?? null;
      if (value instanceof Uint8Array) return termsOf(value);
      return type !== 'terms' || value === null ? value : hashOf(String(value));
    });
}

/** With those that every list has, in first place. */
export function sourcesOf({ columns }: Layout): readonly Source[] {
  const own = Map.groupBy(columns, ({ name }) => name);
  return [
    { name: 'created_at', type: 'number', kinds: [CREATED_AT] },
    { name: 'id', type: 'text', kinds: [ID] },
    ...Array.from(own, ([name, parts]): Source => {
      for (const [at, { part }] of parts.entries()) {
        if (part ? part.remainder !== at || part.of !== parts.length : parts.length > 1)
          throw new Error(`The column ${name} of a list is kept twice, or not in all of its parts`);
      }
      return { name, type: parts[0]?.type ?? 'text', kinds: parts.map(({ kind }) => kind) };
    }),
  ];
}

const isBefore = (one: Position, other: Position): boolean =>
  one.at < other.at || (one.at === other.at && one.id < other.id);

const oldestFirst = (one: Row, other: Row): number =>
  Number(one[CREATED_AT]) - Number(other[CREATED_AT]) || (String(one[ID]) < String(other[ID]) ? -1 : 1);

/** A block's rows, newest first. */
export async function rowsOf(db: Db, sources: readonly Source[], block: number): Promise<Row[]> {
  const { rows } = await sql<{
    kind: number;
    data: Uint8Array;
  }>`select id - ${block * KINDS} as kind, data from list_block_columns
    where id between ${block * KINDS} and ${block * KINDS + KINDS - 1}`.execute(db);
  const values = sources.map(({ type, kinds }): readonly Value[] => {
    const parts = kinds.map((kind) => {
      const data = rows.find((row) => row.kind === kind)?.data;
      if (!data) throw new Error(`The block ${block} of a list has lost its column ${kind}`);
      return data;
    });
    if (type === 'terms') return decodeTerms(parts);
    const [data = new Uint8Array()] = parts;
    return decoders[type](data);
  });
  return (values[0] ?? []).map((_, row) => values.map((column) => column[row] ?? null));
}

const decoders = {
  number: decodeNumbers,
  dictionary: decodeDictionary,
  text: decodeTexts,
  name: decodeTexts,
} as const;

async function removeBlock(db: Db, block: number): Promise<void> {
  await sql`delete from list_block_columns
    where id between ${block * KINDS} and ${block * KINDS + KINDS - 1}`.execute(db);
  await sql`delete from list_blocks where id = ${block}`.execute(db);
}

async function writeBlock(
  db: Db,
  { list, signatures = [] }: Layout,
  sources: readonly Source[],
  scope: number,
  rows: readonly Row[],
) {
  const last = rows.at(-1);
  if (!last) return;
  const { rows: made } = await sql<{ id: number }>`insert into list_blocks (list, scope, last_at, last_id, count)
    values (${list}, ${scope}, ${last[CREATED_AT]}, ${last[ID]}, ${rows.length}) returning id`.execute(db);
  const [block] = made;
  if (!block) throw new Error('A block of a list could not be written');
  const written: RawBuilder<unknown>[] = [];
  for (const [at, { type, kinds }] of sources.entries()) {
    const own = rows.map((row) => row[at] ?? null);
    let part = 0;
    for (const { data, min = null, max = null, mask = null } of encode(type, kinds.length, own)) {
      written.push(sql`(${block.id * KINDS + (kinds[part++] ?? 0)}, ${min}, ${max}, ${mask}, ${data})`);
      await othersFirst();
    }
  }
  for (const { kind, of } of signatures) {
    const at = sources.findIndex(({ kinds }) => kinds.includes(of));
    const data = encodeSignature(rows.map((row) => String(row[at] ?? '')));
    written.push(sql`(${block.id * KINDS + kind}, null, null, null, ${data})`);
  }
  await sql`insert into list_block_columns (id, min_value, max_value, mask, data)
    values ${sql.join(written)}`.execute(db);
}

interface Encoded {
  readonly data: Uint8Array;
  readonly min?: number;
  readonly max?: number;
  readonly mask?: number;
}

/** The values of a source as the columns that it is kept in. */
function encode(type: Column['type'], parts: number, values: readonly Value[]): Iterable<Encoded> {
  if (type === 'terms') {
    const columns = encodeTerms(values as readonly Terms[], parts);
    return columns.map((data) => ({ data, mask: maskOfTerms(openTerms(data).terms) }));
  }
  if (type === 'text' || type === 'name') return [{ data: encodeTexts(values.map(String)) }];
  if (type === 'dictionary') {
    const texts = values.map((value) => (value === null ? null : String(value)));
    return [{ data: encodeDictionary(texts), mask: maskOf(new Set(texts)) }];
  }
  const numbers = values.map((value) => (value === null ? null : Number(value)));
  const [min, max] = rangeOf(numbers) ?? [];
  // See Summary.nulls.
  const mask = numbers.includes(null) ? 1 : 0;
  return [{ data: encodeNumbers(numbers), mask, ...(min === undefined || max === undefined ? {} : { min, max }) }];
}
