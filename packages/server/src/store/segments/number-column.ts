import { ownBytes } from './own-bytes.ts';
import { type Test, testOf } from './selection.ts';

type Codes = Uint8Array | Uint16Array | Uint32Array;

/**
 * Numbers or nulls of a segment: at 0 the width of a value in bytes, at 4 how many different values stand in a table, at 8
 * the base as a double, from 16 on the table, ascending, as doubles; then a value a row. Without a table: 0 for null, or
 * how far it is above the base, plus 1. With one: 0 for null, or its place in the table, plus 1. A width of 8 says doubles
 * as they are, NaN for null. All little-endian, as every processor that Node runs on.
 */
export interface NumberColumn {
  readonly type: 'number';
  readonly data: Uint8Array;
  /** A value a row; of doubles, the values themselves. */
  readonly codes: Codes | Float64Array;
  readonly base: number;
  readonly table: Float64Array;
  /** The least and the greatest of the codes but for those of null: the first is the greater one where there are none. */
  readonly least: number;
  readonly greatest: number;
  readonly nulls: boolean;
}

/** More values than that are in no table. */
const MOST_IN_TABLE = 0xff;

export function encodeNumbers(values: readonly (number | null)[]): Uint8Array {
  const [min, max] = rangeOf(values) ?? [0, 0];
  const top = max - min + 1;
  const width = top <= 0xff ? 1 : top <= 0xffff ? 2 : top <= 0xffffffff ? 4 : 8;
  const table = width > 1 && differentOf(values);
  if (table && table.length * 8 + values.length < values.length * width) return encodeTable(values, table);
  const data = new Uint8Array(16 + values.length * width);
  data[0] = width;
  new DataView(data.buffer).setFloat64(8, min, true);
  if (width === 8) {
    const doubles = new Float64Array(data.buffer, 16);
    for (const [row, value] of values.entries()) doubles[row] = value ?? Number.NaN;
  } else {
    const codes = codesOf(data.buffer, 16, width);
    for (const [row, value] of values.entries()) codes[row] = value === null ? 0 : value - min + 1;
  }
  return data;
}

/** The different values, ascending; undefined where they are too many for a table. */
function differentOf(values: readonly (number | null)[]): number[] | undefined {
  const seen = new Set<number>();
  for (const value of values) {
    if (value !== null) seen.add(value);
    if (seen.size > MOST_IN_TABLE) return undefined;
  }
  return [...seen].sort((one, other) => one - other);
}

function encodeTable(values: readonly (number | null)[], table: readonly number[]): Uint8Array {
  const head = 16 + table.length * 8;
  const data = new Uint8Array(head + values.length);
  data[0] = 1;
  new DataView(data.buffer).setUint32(4, table.length, true);
  new Float64Array(data.buffer, 16, table.length).set(table);
  const places = new Map(table.map((value, at) => [value, at + 1]));
  for (const [row, value] of values.entries()) data[head + row] = value === null ? 0 : (places.get(value) ?? 0);
  return data;
}

export function openNumbers(given: Uint8Array): NumberColumn {
  const data = ownBytes(given);
  const view = new DataView(data.buffer);
  const table = new Float64Array(data.buffer, 16, view.getUint32(4, true));
  const codes = codesOf(data.buffer, 16 + table.byteLength, data[0] ?? 1);
  const base = view.getFloat64(8, true);
  return { type: 'number', data, codes, base, table, ...(codes instanceof Float64Array ? ends(codes) : bounds(codes)) };
}

export const decodeNumbers = (data: Uint8Array): (number | null)[] => {
  const column = openNumbers(data);
  return Array.from(column.codes, (_, row) => numberAt(column, row));
};

export function numberAt({ codes, base, table }: NumberColumn, row: number): number | null {
  const code = codes[row] ?? 0;
  if (codes instanceof Float64Array) return Number.isNaN(code) ? null : code;
  if (code === 0) return null;
  return table.length === 0 ? base + code - 1 : (table[code - 1] ?? null);
}

/** The least and the greatest value; undefined where every one is null. */
export function rangeOf(values: readonly (number | null)[]): readonly [min: number, max: number] | undefined {
  let min = Number.POSITIVE_INFINITY;
  let max = Number.NEGATIVE_INFINITY;
  for (const value of values) {
    if (value === null) continue;
    if (value < min) min = value;
    if (value > max) max = value;
  }
  return min <= max ? [min, max] : undefined;
}

/** Rows whose number is within the range, both ends included; null never is. */
export const withinRange = (from: number, to: number): Test =>
  testOf<NumberColumn>('number', (column, rows, count) => {
    const { codes, least, greatest, nulls } = column;
    const [low, high] = codeRange(column, from, to);
    if (low > greatest || high < least) return 0;
    if (!nulls && low <= least && high >= greatest) return count;
    const first = Math.max(low, least);
    const last = Math.min(high, greatest);
    // A loop for each type of codes: one for all would look up the type at every row.
    if (codes instanceof Uint8Array) return keepBytes(codes, first, last, rows, count);
    if (codes instanceof Uint16Array) return keepShorts(codes, first, last, rows, count);
    if (codes instanceof Uint32Array) return keepWords(codes, first, last, rows, count);
    return keepDoubles(codes, first, last, rows, count);
  });

/** The codes of the numbers of a range, both ends included. */
function codeRange({ codes, base, table }: NumberColumn, from: number, to: number): readonly [number, number] {
  if (codes instanceof Float64Array) return [from, to];
  if (table.length === 0) return [Math.max(1, Math.ceil(from - base) + 1), Math.floor(to - base) + 1];
  const low = table.findIndex((value) => value >= from);
  return [low < 0 ? table.length + 1 : low + 1, table.findLastIndex((value) => value <= to) + 1];
}

function keepBytes(codes: Uint8Array, first: number, last: number, rows: Uint16Array, count: number): number {
  let kept = 0;
  for (let at = 0; at < count; at++) {
    const row = rows[at] as number;
    const code = codes[row] as number;
    rows[kept] = row;
    kept += code >= first && code <= last ? 1 : 0;
  }
  return kept;
}

function keepShorts(codes: Uint16Array, first: number, last: number, rows: Uint16Array, count: number): number {
  let kept = 0;
  for (let at = 0; at < count; at++) {
    const row = rows[at] as number;
    const code = codes[row] as number;
    rows[kept] = row;
    kept += code >= first && code <= last ? 1 : 0;
  }
  return kept;
}

function keepWords(codes: Uint32Array, first: number, last: number, rows: Uint16Array, count: number): number {
  let kept = 0;
  for (let at = 0; at < count; at++) {
    const row = rows[at] as number;
    const code = codes[row] as number;
    rows[kept] = row;
    kept += code >= first && code <= last ? 1 : 0;
  }
  return kept;
}

/** NaN is within nothing. */
function keepDoubles(values: Float64Array, first: number, last: number, rows: Uint16Array, count: number): number {
  let kept = 0;
  for (let at = 0; at < count; at++) {
    const row = rows[at] as number;
    const value = values[row] as number;
    rows[kept] = row;
    kept += value >= first && value <= last ? 1 : 0;
  }
  return kept;
}

function bounds(codes: Codes): Pick<NumberColumn, 'least' | 'greatest' | 'nulls'> {
  let least = Number.POSITIVE_INFINITY;
  let greatest = 0;
  let nulls = false;
  for (let row = 0; row < codes.length; row++) {
    const code = codes[row] as number;
    if (code === 0) nulls = true;
    else if (code < least) least = code;
    if (code > greatest) greatest = code;
  }
  return { least, greatest, nulls };
}

function ends(values: Float64Array): Pick<NumberColumn, 'least' | 'greatest' | 'nulls'> {
  let least = Number.POSITIVE_INFINITY;
  let greatest = Number.NEGATIVE_INFINITY;
  let nulls = false;
  for (const value of values) {
    if (Number.isNaN(value)) nulls = true;
    if (value < least) least = value;
    if (value > greatest) greatest = value;
  }
  return { least, greatest, nulls };
}

function codesOf(buffer: ArrayBuffer, at: number, width: number): Codes;
function codesOf(buffer: ArrayBuffer, at: number, width: number): Codes | Float64Array;
function codesOf(buffer: ArrayBuffer, at: number, width: number): Codes | Float64Array {
  if (width === 1) return new Uint8Array(buffer, at);
  if (width === 2) return new Uint16Array(buffer, at);
  return width === 4 ? new Uint32Array(buffer, at) : new Float64Array(buffer, at);
}
