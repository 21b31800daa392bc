import type { Test } from './selection.ts';

type Codes = Uint8Array | Uint16Array | Uint32Array;

/**
 * Numbers or nulls of a block: a byte for the width of a value, the base as a double at 8, then from 16 on a value a
 * row: 0 for null, or how far it is above the base, plus 1. A width of 8 says doubles as they are, NaN for null. All
 * little-endian, as every processor that Node runs on.
 */
export function encodeNumbers(values: readonly (number | null)[]): Uint8Array {
  const [min, max] = rangeOf(values) ?? [0, 0];
  const top = max - min + 1;
  const width = top <= 0xff ? 1 : top <= 0xffff ? 2 : top <= 0xffffffff ? 4 : 8;
  const data = new Uint8Array(16 + values.length * width);
  data[0] = width;
  new DataView(data.buffer).setFloat64(8, min, true);
  if (width === 8) {
    const doubles = new Float64Array(data.buffer, 16);
    for (const [row, value] of values.entries()) doubles[row] = value ?? Number.NaN;
  } else {
    const codes = codesOf(data, width);
    for (const [row, value] of values.entries()) codes[row] = value === null ? 0 : value - min + 1;
  }
  return data;
}

export function decodeNumbers(data: Uint8Array): (number | null)[] {
  const { width, base, aligned } = open(data);
  if (width === 8) return Array.from(doublesOf(aligned), (value) => (Number.isNaN(value) ? null : value));
  return Array.from(codesOf(aligned, width), (code) => (code === 0 ? null : base + code - 1));
}

/** Reads single rows. */
export function readNumber(data: Uint8Array): (row: number) => number | null {
  const { width, base, aligned } = open(data);
  const values = width === 8 ? doublesOf(aligned) : codesOf(aligned, width);
  return (row) => {
    const value = values[row] ?? Number.NaN;
    if (width === 8) return Number.isNaN(value) ? null : value;
    return value === 0 ? null : base + value - 1;
  };
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
export const withinRange =
  (from: number, to: number): Test =>
  (data, rows, count) => {
    const { width, base, aligned } = open(data);
    // NaN is within nothing.
    if (width === 8) return keep(doublesOf(aligned), from, to, rows, count);
    return keep(codesOf(aligned, width), Math.max(1, from - base + 1), to - base + 1, rows, count);
  };

function keep(values: Codes | Float64Array, from: number, to: number, rows: Uint16Array, count: number): number {
  let kept = 0;
  for (let at = 0; at < count; at++) {
    const row = rows[at] as number;
    const value = values[row] as number;
    if (value >= from && value <= to) rows[kept++] = row;
  }
  return kept;
}

function open(data: Uint8Array) {
  const aligned = data.byteOffset % 8 === 0 ? data : data.slice();
  const base = new DataView(aligned.buffer, aligned.byteOffset).getFloat64(8, true);
  return { width: aligned[0] ?? 1, base, aligned };
}

const doublesOf = (data: Uint8Array): Float64Array =>
  new Float64Array(data.buffer, data.byteOffset + 16, (data.length - 16) / 8);

function codesOf(data: Uint8Array, width: number): Codes {
  const at = data.byteOffset + 16;
  const size = data.length - 16;
  if (width === 1) return new Uint8Array(data.buffer, at, size);
  return width === 2 ? new Uint16Array(data.buffer, at, size / 2) : new Uint32Array(data.buffer, at, size / 4);
}
