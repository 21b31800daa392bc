import { type RawBuilder, sql } from 'kysely';
import { yieldToEventLoop } from '../../domain/yield-to-event-loop.ts';
import type { Db, Handle } from '../database/dialect.ts';
import type { Position } from '../lists/position.ts';
import { encodeBloom } from './bloom-column.ts';
import { decodePostings } from './decode-postings.ts';
import { decodeDictionary, encodeDictionary, maskOf } from './dictionary-column.ts';
import { encodePostings } from './encode-postings.ts';
import { type Column, CREATED_AT, ID, KINDS, type Layout, SEGMENT_SIZE } from './layout.ts';
import { decodeNumbers, encodeNumbers, numberAt, openNumbers, rangeOf } from './number-column.ts';
import { maskOfTerms, openPostings, type Terms, termsOf } from './postings-column.ts';
import { termHash } from './term-hash.ts';
import { decodeTexts, encodeTexts, openTexts, textAt } from './text-column.ts';

/** What a segment keeps of a row of one of the {@link Source}s. */
export type Value = string | number | null | Uint32Array;
/** A row of a list as a segment keeps it: a value a source, created_at and id first. */
type Row = readonly Value[];

/** A column of the table, and the columns of a segment that it is kept in: one, or one for each part of its terms. */
export interface Source {
  readonly name: string;
  readonly type: Column['type'];
  readonly kinds: readonly number[];
}

/** Changes that are read before others of this thread come in between. */
const BITE = 512;

export interface CompactionLimits {
  /** Rows of a segment. */
  readonly size?: number;
  /** Changes taken in at once. */
  readonly changes?: number;
  /** Segments made again at once. */
  readonly segments?: number;
}

/**
 * Takes the oldest changes of a list into its segments, and returns how many it took: it makes the segments again that the
 * changed rows stand in. Call it in a transaction of `repeatable read` at least. None where somebody else compacts lists of
 * this scope at the moment. A segment takes up to 100 ms of a busy machine: others of this thread come in between.
 */
export async function compactSegments(
  { write: db, dialect }: Pick<Handle, 'write' | 'dialect'>,
  layout: Layout,
  scope: number,
  { size = SEGMENT_SIZE, changes: most = SEGMENT_SIZE, segments: mostSegments = 4 }: CompactionLimits = {},
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
    await yieldToEventLoop();
  }
  if (changed.length === 0) return 0;
  const { rows: segments } = await sql<Segment>`select id, count, last_at as "at", last_id as "last" from list_blocks
    where list = ${list} and scope = ${scope} order by last_at, last_id`.execute(db);

  // Oldest first on both sides: a row belongs to the newest segment that ends at or before it, or else to the oldest.
  const groups = new Map<Segment | undefined, typeof changed>();
  let place = 0;
  for (const change of changed) {
    for (
      let next = segments[place + 1];
      next && !isBefore(change, { at: next.at, id: next.last });
      next = segments[place + 1]
    )
      place++;
    const segment = segments[place];
    const group = groups.get(segment) ?? [];
    if (group.length === 0 && groups.size >= mostSegments) break;
    group.push(change);
    groups.set(segment, group);
  }
  const newest = segments.at(-1);
  let taken: Position | undefined;
  let count = 0;
  for (const [segment, all] of groups) {
    // Where the list only grows, what is full is left alone and what is written is full: nothing is made twice.
    const isSettled = segment === newest && segment !== undefined && (await isFullBefore(db, segment, all, size));
    const before = segment && !isSettled ? segment.count : 0;
    const group = segment === newest ? all.slice(0, wholeSegments(before, all.length, size)) : all;
    count += group.length;
    taken = group.at(-1);
    const gone = new Set(group.map(({ id }) => id));
    const kept =
      segment && !isSettled ? (await rowsOf(db, sources, segment.id)).filter((row) => !gone.has(String(row[ID]))) : [];
    const now = group.filter(({ there }) => there !== null).map((row): Row => [row.at, row.id, ...valuesOf(row)]);
    const rows = [...kept, ...now].sort(oldestFirst);
    if (segment && !isSettled) await removeSegment(db, segment.id);
    await yieldToEventLoop();
    // Full segments where the list grows; halves where rows came in between.
    const length = segment === newest ? size : Math.ceil(rows.length / Math.ceil(rows.length / size));
    for (let from = 0; from < rows.length; from += length) {
      await writeSegment(db, layout, sources, scope, rows.slice(from, from + length).reverse());
    }
  }
  if (taken) {
    await sql`delete from list_changes where list = ${list} and scope = ${scope}
      and (created_at, id) <= (${taken.at}, ${taken.id})`.execute(db);
  }
  return count;
}

/** The segment is full, and every one of the changes is of a row after its own. */
async function isFullBefore(db: Db, segment: Segment, [oldest]: readonly Position[], size: number): Promise<boolean> {
  if (segment.count < size || !oldest) return false;
  const { rows } = await sql<{ id: number; data: Uint8Array }>`select id, data from list_block_columns
    where id in (${segment.id * KINDS + CREATED_AT}, ${segment.id * KINDS + ID}) order by id`.execute(db);
  const [times, ids] = rows;
  if (!times || !ids) throw new Error(`The segment ${segment.id} of a list has lost its keys`);
  const first = { at: numberAt(openNumbers(times.data), 0) ?? 0, id: textAt(openTexts(ids.data), 0) };
  return isBefore(first, oldest);
}

/** How many of so many changes to take into a segment of so many rows: all, or as many as make whole segments. */
function wholeSegments(rows: number, changes: number, size: number): number {
  const whole = Math.floor((rows + changes) / size) * size - rows;
  return whole > 0 ? whole : changes;
}

interface Segment {
  readonly id: number;
  readonly count: number;
  readonly at: number;
  readonly last: string;
}

/** A row of the table, or of what is left of one that is gone. */
type Values = Readonly<Record<string, string | number | Uint8Array | null>>;

type Change = Position & { readonly there: string | null } & Values;

/** What a segment keeps of rows of the table. Of a text whose hash is kept, the hash is made once. */
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

/** A segment's rows, newest first. */
export async function rowsOf(db: Db, sources: readonly Source[], segment: number): Promise<Row[]> {
  const { rows } = await sql<{
    kind: number;
    data: Uint8Array;
  }>`select id - ${segment * KINDS} as kind, data from list_block_columns
    where id between ${segment * KINDS} and ${segment * KINDS + KINDS - 1}`.execute(db);
  const values = sources.map(({ type, kinds }): readonly Value[] => {
    const parts = kinds.map((kind) => {
      const data = rows.find((row) => row.kind === kind)?.data;
      if (!data) throw new Error(`The segment ${segment} of a list has lost its column ${kind}`);
      return data;
    });
    if (type === 'terms') return decodePostings(parts);
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

async function removeSegment(db: Db, segment: number): Promise<void> {
  await sql`delete from list_block_columns
    where id between ${segment * KINDS} and ${segment * KINDS + KINDS - 1}`.execute(db);
  await sql`delete from list_blocks where id = ${segment}`.execute(db);
}

async function writeSegment(
  db: Db,
  { list, bloomFilters = [] }: Layout,
  sources: readonly Source[],
  scope: number,
  rows: readonly Row[],
) {
  const last = rows.at(-1);
  if (!last) return;
  const { rows: made } = await sql<{ id: number }>`insert into list_blocks (list, scope, last_at, last_id, count)
    values (${list}, ${scope}, ${last[CREATED_AT]}, ${last[ID]}, ${rows.length}) returning id`.execute(db);
  const [segment] = made;
  if (!segment) throw new Error('A segment of a list could not be written');
  const written: RawBuilder<unknown>[] = [];
  for (const [at, { type, kinds }] of sources.entries()) {
    const own = rows.map((row) => row[at] ?? null);
    let part = 0;
    for (const { data, min = null, max = null, mask = null } of encode(type, kinds.length, own)) {
      written.push(sql`(${segment.id * KINDS + (kinds[part++] ?? 0)}, ${min}, ${max}, ${mask}, ${data})`);
      await yieldToEventLoop();
    }
  }
  for (const { kind, of } of bloomFilters) {
    const at = sources.findIndex(({ kinds }) => kinds.includes(of));
    const data = encodeBloom(rows.map((row) => String(row[at] ?? '')));
    written.push(sql`(${segment.id * KINDS + kind}, null, null, null, ${data})`);
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
    const columns = encodePostings(values as readonly Terms[], parts);
    return columns.map((data) => ({ data, mask: maskOfTerms(openPostings(data).terms) }));
  }
  if (type === 'text' || type === 'name') return [{ data: encodeTexts(values.map(String)) }];
  if (type === 'dictionary') {
    const texts = values.map((value) => (value === null ? null : String(value)));
    return [{ data: encodeDictionary(texts), mask: maskOf(new Set(texts)) }];
  }
  const numbers = values.map((value) => (value === null ? null : Number(value)));
  const [min, max] = rangeOf(numbers) ?? [];
  // See ZoneMap.nulls.
  const mask = numbers.includes(null) ? 1 : 0;
  return [{ data: encodeNumbers(numbers), mask, ...(min === undefined || max === undefined ? {} : { min, max }) }];
}
