import type { Position } from '../lists/position.ts';
import type { BlockColumns, Columns } from './block-columns.ts';
import type { BlockCondition } from './block-filter.ts';
import { dictionaryAt } from './dictionary-column.ts';
import type { Block } from './directory.ts';
import { CREATED_AT, ID } from './layout.ts';
import { numberAt } from './number-column.ts';
import { createScan, type Outlook, type Scan } from './scan.ts';
import { textAt } from './text-column.ts';

/** A row that matched: its place, and the texts of the columns that were asked for. */
export interface FoundRow extends Position {
  readonly texts: readonly (string | null)[];
}

/** So many blocks are read at once when columns are missing, after them all others: it bounds the statements. */
const BATCHES = [8, 32, 128, 512, 2048];

interface Reading {
  readonly columns: BlockColumns;
  readonly scan: Scan;
  readonly startOf: (block: Block) => number;
}

/** Places of rows in a block, ascending. */
interface Match {
  readonly block: Block;
  readonly rows: Uint16Array;
}

/**
 * The first `limit` rows of a list's blocks after a position that fulfil every condition, in the order of the list. What
 * is in memory is looked at block by block; where something is missing, it is read for a number of blocks at once, more
 * each time. Undefined where something is missing and `columns` has no snapshot to read it from.
 */
export async function readBlocks(
  columns: BlockColumns,
  all: readonly Block[],
  conditions: readonly BlockCondition[],
  after: Position | undefined,
  limit: number,
  texts: readonly number[],
): Promise<FoundRow[] | undefined> {
  const blocks = after ? all.slice(firstAfter(all, after)) : all;
  const start = after ? await startAfter(columns, blocks, after) : 0;
  if (start === undefined) return undefined;
  const [first] = blocks;
  const reading: Reading = {
    columns,
    scan: createScan(conditions),
    startOf: (block) => (block === first ? start : 0),
  };
  const matches: Match[] = [];
  let wanted = limit;
  const take = (block: Block, rows: Uint16Array): void => {
    if (rows.length === 0 || wanted === 0) return;
    matches.push({ block, rows: rows.slice(0, wanted) });
    wanted -= Math.min(wanted, rows.length);
  };
  let at = 0;
  for (let round = 0; wanted > 0; round++) {
    at = takeInMemory(reading, blocks, at, (block, rows) => {
      take(block, rows);
      return wanted > 0;
    });
    if (at >= blocks.length || wanted === 0) break;
    const end = Math.min(blocks.length, at + (BATCHES[round] ?? blocks.length));
    const read = await readBatch(reading, blocks.slice(at, end));
    if (!read) return undefined;
    for (; at < end; at++) {
      const block = blocks[at];
      const rows = block && read.get(block);
      if (rows) take(block, rows);
    }
  }
  return found(columns, matches, texts);
}

/** Block by block from `at` on while columns are in memory and `use` wants more; returns the place of the next one. */
function takeInMemory(
  { columns, scan, startOf }: Reading,
  blocks: readonly Block[],
  at: number,
  use: (block: Block, rows: Uint16Array) => boolean,
): number {
  let id = 0;
  const columnOf = (kind: number) => columns.get(id, kind);
  for (let next = at; next < blocks.length; next++) {
    const block = blocks[next];
    const outlook = block && scan.outlook(block);
    if (!outlook) continue;
    id = block.id;
    let rows = scan.rowsOf(outlook.early, columnOf, startOf(block), block.count);
    if (rows && rows.length > 0 && outlook.late.length > 0) rows = scan.among(outlook.late, columnOf, rows);
    if (!rows) return next;
    if (rows.length > 0 && !use(block, rows)) return next;
  }
  return blocks.length;
}

/** What matches of some blocks, whose columns may be missing: two statements at most. */
async function readBatch({ columns, scan, startOf }: Reading, blocks: readonly Block[]) {
  const left = new Map<Block, { readonly rows: Uint16Array; readonly late: Outlook['late'] }>();
  const outlooks = new Map<Block, Outlook>();
  for (const block of blocks) {
    const outlook = scan.outlook(block);
    if (outlook) outlooks.set(block, outlook);
  }
  const kindsOf = (watched: Outlook['early'] = []): number[] => watched.map(({ condition }) => condition.kind);
  const there = await columns.visit(
    [...outlooks.keys()],
    (block) => kindsOf(outlooks.get(block)?.early),
    (block, own) => {
      const { early = [], late = [] } = outlooks.get(block) ?? {};
      const rows = whole(scan.rowsOf(early, (kind) => own[kind], startOf(block), block.count));
      if (rows.length > 0) left.set(block, { rows: rows.slice(), late });
    },
  );
  const matching = new Map<Block, Uint16Array>();
  const tested =
    there &&
    (await columns.visit(
      [...left.keys()],
      (block) => kindsOf(left.get(block)?.late),
      (block, own) => {
        const { late = [], rows = new Uint16Array() } = left.get(block) ?? {};
        matching.set(block, late.length === 0 ? rows : whole(scan.among(late, (kind) => own[kind], rows)).slice());
      },
    ));
  return tested ? matching : undefined;
}

function whole(rows: Uint16Array | undefined): Uint16Array {
  if (!rows) throw new Error('A block of a list was read without a column that a condition is about');
  return rows;
}

const KEYS = [CREATED_AT, ID];

/** Place and texts of rows, in the order of the matches. */
async function found(
  columns: BlockColumns,
  matches: readonly Match[],
  texts: readonly number[],
): Promise<FoundRow[] | undefined> {
  const rowsOf = new Map(matches.map(({ block, rows }) => [block, rows]));
  const foundIn = new Map<Block, FoundRow[]>();
  const kinds = [...KEYS, ...texts];
  const there = await columns.visit(
    [...rowsOf.keys()],
    () => kinds,
    (block, own) => {
      const read = readersOf(own, texts);
      foundIn.set(block, Array.from(rowsOf.get(block) ?? [], read));
    },
  );
  return there ? matches.flatMap(({ block }) => foundIn.get(block) ?? []) : undefined;
}

function readersOf(columns: Columns, texts: readonly number[]): (row: number) => FoundRow {
  const place = placesOf(columns);
  const dictionaries = texts.map((kind) => {
    const column = columns[kind];
    if (column?.type !== 'dictionary') throw new Error(`The column ${kind} of a list is no dictionary`);
    return column;
  });
  return (row) => ({ ...place(row), texts: dictionaries.map((column) => dictionaryAt(column, row)) });
}

function placesOf({ [CREATED_AT]: times, [ID]: ids }: Columns): (row: number) => Position {
  if (times?.type !== 'number' || ids?.type !== 'text') throw new Error('A block of a list has no keys');
  return (row) => ({ at: numberAt(times, row) ?? 0, id: textAt(ids, row) });
}

const isAfter = (one: Position, position: Position): boolean =>
  one.at < position.at || (one.at === position.at && one.id < position.id);

/** The place of the first block with rows after a position. */
const firstAfter = (blocks: readonly Block[], after: Position): number =>
  firstWhere(blocks.length, (at) => isAfter(blocks[at]?.last ?? after, after));

/** The first row after the position of the block that it stands in or before; undefined where that is not to be had. */
async function startAfter(
  columns: BlockColumns,
  [block]: readonly Block[],
  after: Position,
): Promise<number | undefined> {
  let start = 0;
  const there = await columns.visit(
    block ? [block] : [],
    () => KEYS,
    ({ count }, own) => {
      const place = placesOf(own);
      start = firstWhere(count, (row) => isAfter(place(row), after));
    },
  );
  return there ? start : undefined;
}

/** The least number below `count` of which something is true, where it is true of all after one that it is true of. */
function firstWhere(count: number, is: (at: number) => boolean): number {
  let [start, end] = [0, count];
  while (start < end) {
    const middle = (start + end) >>> 1;
    if (is(middle)) end = middle;
    else start = middle + 1;
  }
  return start;
}
