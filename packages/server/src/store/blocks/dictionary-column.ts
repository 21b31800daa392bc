import type { Test } from './selection.ts';

/**
 * Texts or nulls of a block that repeat: at 0 the width of a code in bytes, at 4 how many rows, from 8 on a code a row,
 * and after them the texts that the codes stand for, as JSON.
 */
export function encodeDictionary(values: readonly (string | null)[]): Uint8Array {
  const codes = new Map<string | null, number>();
  for (const value of values) if (!codes.has(value)) codes.set(value, codes.size);
  const texts = Buffer.from(JSON.stringify([...codes.keys()]));
  const width = codes.size <= 0x100 ? 1 : 2;
  const data = new Uint8Array(8 + values.length * width + texts.length);
  data[0] = width;
  new DataView(data.buffer).setUint32(4, values.length, true);
  const coded = codesOf(data);
  for (const [row, value] of values.entries()) coded[row] = codes.get(value) ?? 0;
  data.set(texts, 8 + values.length * width);
  return data;
}

export function decodeDictionary(data: Uint8Array): (string | null)[] {
  const texts = textsOf(data);
  return Array.from(codesOf(aligned(data)), (code) => texts[code] ?? null);
}

/** Reads single rows. */
export function readDictionary(data: Uint8Array): (row: number) => string | null {
  const texts = textsOf(data);
  const codes = codesOf(aligned(data));
  return (row) => texts[codes[row] ?? 0] ?? null;
}

/** Rows whose text is one of those wanted. */
export const oneOf =
  (wanted: ReadonlySet<string>): Test =>
  (data, rows, count) => {
    const texts = textsOf(data);
    const good = Uint8Array.from(texts, (text) => (text !== null && wanted.has(text) ? 1 : 0));
    const pass = good.reduce((sum, one) => sum + one, 0);
    if (pass === 0) return 0;
    if (pass === texts.length) return count;
    const codes = codesOf(aligned(data));
    let kept = 0;
    for (let at = 0; at < count; at++) {
      const row = rows[at] as number;
      if (good[codes[row] as number] === 1) rows[kept++] = row;
    }
    return kept;
  };

const BITS = 48;

/**
 * Which of 48 bits the texts set: two sets of texts with no bit in common have no text in common. As a number, so that
 * SQL can compare it and JavaScript hold it.
 */
export function maskOf(texts: Iterable<string | null>): number {
  let mask = 0n;
  for (const text of texts) if (text !== null) mask |= 1n << BigInt(hash(text) % BITS);
  return Number(mask);
}

/** FNV-1a. */
function hash(text: string): number {
  let state = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) state = Math.imul(state ^ text.charCodeAt(at), 0x01000193);
  return (state ^ (state >>> 15)) >>> 0;
}

const rowsOf = (data: Uint8Array): number => new DataView(data.buffer, data.byteOffset).getUint32(4, true);

function codesOf(data: Uint8Array): Uint8Array | Uint16Array {
  const rows = rowsOf(data);
  const at = data.byteOffset + 8;
  return data[0] === 1 ? new Uint8Array(data.buffer, at, rows) : new Uint16Array(data.buffer, at, rows);
}

const aligned = (data: Uint8Array): Uint8Array => (data.byteOffset % 2 === 0 ? data : data.slice());

function textsOf(data: Uint8Array): (string | null)[] {
  const from = 8 + rowsOf(data) * (data[0] ?? 1);
  return JSON.parse(Buffer.from(data.buffer, data.byteOffset + from, data.length - from).toString()) as (
    | string
    | null
  )[];
}
