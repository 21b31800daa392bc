import type { Position } from '../lists/position.ts';
import { dictionaryAt } from './dictionary-column.ts';
import { CREATED_AT, ID } from './layout.ts';
import type { Segment } from './manifest.ts';
import { numberAt } from './number-column.ts';
import { createScan, type ResidualFilter, type Scan } from './scan.ts';
import type { Columns, SegmentColumns } from './segment-columns.ts';
import type { SegmentCondition } from './segment-filter.ts';
import { textAt } from './text-column.ts';

/** A row that matched: its place, and the texts of the columns that were asked for. */
export interface FoundRow extends Position {
  readonly texts: readonly (string | null)[];
}

/** So many segments are read at once when columns are missing, after them all others: it bounds the statements. */
const BATCHES = [8, 32, 128, 512, 2048];

interface Reading {
  readonly columns: SegmentColumns;
  readonly scan: Scan;
  readonly startOf: (segment: Segment) => number;
}

/** Places of rows in a segment, ascending. */
interface Match {
  readonly segment: Segment;
  readonly rows: Uint16Array;
}

/**
 * The first `limit` rows of a list's segments after a position that fulfil every condition, in the order of the list. What
 * is in memory is looked at segment by segment; where something is missing, it is read for a number of segments at once, more
 * each time. Undefined where something is missing and `columns` has no snapshot to read it from.
 */
export async function readSegments(
  columns: SegmentColumns,
  all: readonly Segment[],
  conditions: readonly SegmentCondition[],
  after: Position | undefined,
  limit: number,
  texts: readonly number[],
): Promise<FoundRow[] | undefined> {
  const segments = after ? all.slice(firstAfter(all, after)) : all;
  const start = after ? await startAfter(columns, segments, after) : 0;
  if (start === undefined) return undefined;
  const [first] = segments;
  const reading: Reading = {
    columns,
    scan: createScan(conditions),
    startOf: (segment) => (segment === first ? start : 0),
  };
  const matches: Match[] = [];
  let wanted = limit;
  const take = (segment: Segment, rows: Uint16Array): void => {
    if (rows.length === 0 || wanted === 0) return;
    matches.push({ segment, rows: rows.slice(0, wanted) });
    wanted -= Math.min(wanted, rows.length);
  };
  let at = 0;
  for (let round = 0; wanted > 0; round++) {
    at = takeInMemory(reading, segments, at, (segment, rows) => {
      take(segment, rows);
      return wanted > 0;
    });
    if (at >= segments.length || wanted === 0) break;
    const end = Math.min(segments.length, at + (BATCHES[round] ?? segments.length));
    const read = await readBatch(reading, segments.slice(at, end));
    if (!read) return undefined;
    for (; at < end; at++) {
      const segment = segments[at];
      const rows = segment && read.get(segment);
      if (rows) take(segment, rows);
    }
  }
  return found(columns, matches, texts);
}

/** Segment by segment from `at` on while columns are in memory and `use` wants more; returns the place of the next one. */
function takeInMemory(
  { columns, scan, startOf }: Reading,
  segments: readonly Segment[],
  at: number,
  use: (segment: Segment, rows: Uint16Array) => boolean,
): number {
  let id = 0;
  const columnOf = (kind: number) => columns.get(id, kind);
  for (let next = at; next < segments.length; next++) {
    const segment = segments[next];
    const residual = segment && scan.residual(segment);
    if (!residual) continue;
    id = segment.id;
    let rows = scan.rowsOf(residual.early, columnOf, startOf(segment), segment.count);
    if (rows && rows.length > 0 && residual.late.length > 0) rows = scan.among(residual.late, columnOf, rows);
    if (!rows) return next;
    if (rows.length > 0 && !use(segment, rows)) return next;
  }
  return segments.length;
}

/** What matches of some segments, whose columns may be missing: two statements at most. */
async function readBatch({ columns, scan, startOf }: Reading, segments: readonly Segment[]) {
  const left = new Map<Segment, { readonly rows: Uint16Array; readonly late: ResidualFilter['late'] }>();
  const outlooks = new Map<Segment, ResidualFilter>();
  for (const segment of segments) {
    const residual = scan.residual(segment);
    if (residual) outlooks.set(segment, residual);
  }
  const kindsOf = (tracked: ResidualFilter['early'] = []): number[] => tracked.map(({ condition }) => condition.kind);
  const there = await columns.visit(
    [...outlooks.keys()],
    (segment) => kindsOf(outlooks.get(segment)?.early),
    (segment, own) => {
      const { early = [], late = [] } = outlooks.get(segment) ?? {};
      const rows = whole(scan.rowsOf(early, (kind) => own[kind], startOf(segment), segment.count));
      if (rows.length > 0) left.set(segment, { rows: rows.slice(), late });
    },
  );
  const matching = new Map<Segment, Uint16Array>();
  const tested =
    there &&
    (await columns.visit(
      [...left.keys()],
      (segment) => kindsOf(left.get(segment)?.late),
      (segment, own) => {
        const { late = [], rows = new Uint16Array() } = left.get(segment) ?? {};
        matching.set(segment, late.length === 0 ? rows : whole(scan.among(late, (kind) => own[kind], rows)).slice());
      },
    ));
  return tested ? matching : undefined;
}

function whole(rows: Uint16Array | undefined): Uint16Array {
  if (!rows) throw new Error('A segment of a list was read without a column that a condition is about');
  return rows;
}

const KEYS = [CREATED_AT, ID];

/** Place and texts of rows, in the order of the matches. */
async function found(
  columns: SegmentColumns,
  matches: readonly Match[],
  texts: readonly number[],
): Promise<FoundRow[] | undefined> {
  const rowsOf = new Map(matches.map(({ segment, rows }) => [segment, rows]));
  const foundIn = new Map<Segment, FoundRow[]>();
  const kinds = [...KEYS, ...texts];
  const there = await columns.visit(
    [...rowsOf.keys()],
    () => kinds,
    (segment, own) => {
      const read = readersOf(own, texts);
      foundIn.set(segment, Array.from(rowsOf.get(segment) ?? [], read));
    },
  );
  return there ? matches.flatMap(({ segment }) => foundIn.get(segment) ?? []) : undefined;
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
  if (times?.type !== 'number' || ids?.type !== 'text') throw new Error('A segment of a list has no keys');
  return (row) => ({ at: numberAt(times, row) ?? 0, id: textAt(ids, row) });
}

const isAfter = (one: Position, position: Position): boolean =>
  one.at < position.at || (one.at === position.at && one.id < position.id);

/** The place of the first segment with rows after a position. */
const firstAfter = (segments: readonly Segment[], after: Position): number =>
  firstWhere(segments.length, (at) => isAfter(segments[at]?.last ?? after, after));

/** The first row after the position of the segment that it stands in or before; undefined where that is not to be had. */
async function startAfter(
  columns: SegmentColumns,
  [segment]: readonly Segment[],
  after: Position,
): Promise<number | undefined> {
  let start = 0;
  const there = await columns.visit(
    segment ? [segment] : [],
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
