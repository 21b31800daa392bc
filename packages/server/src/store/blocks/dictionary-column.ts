import type { Test } from './selection.ts';
import { decodeTexts, encodeTexts, openTexts, textAt } from './text-column.ts';

/**
 * Texts or nulls of a block that repeat: at 0 the width of a code in bytes, at 4 how many rows, from 8 on a code a row;
 * then, at the next multiple of 4, how many texts there are, a hash of each, and the texts, each after a `=`; null is
 * the empty one.
 */
export function encodeDictionary(values: readonly (string | null)[]): Uint8Array {
  const codes = new Map<string | null, number>();
  for (const value of values) if (!codes.has(value)) codes.set(value, codes.size);
  const texts = encodeTexts([...codes.keys()].map((text) => (text === null ? '' : `=${text}`)));
  const width = codes.size <= 0x100 ? 1 : 2;
  const head = textsAt(values.length, width);
  const data = new Uint8Array(head + 4 + codes.size * 4 + texts.length);
  const view = new DataView(data.buffer);
  data[0] = width;
  view.setUint32(4, values.length, true);
  const coded = codesOf(data);
  for (const [row, value] of values.entries()) coded[row] = codes.get(value) ?? 0;
  view.setUint32(head, codes.size, true);
  for (const [text, code] of codes) view.setUint32(head + 4 + code * 4, text === null ? 0 : hash(text), true);
  data.set(texts, head + 4 + codes.size * 4);
  return data;
}

export function decodeDictionary(given: Uint8Array): (string | null)[] {
  const data = aligned(given);
  const { texts } = open(data);
  const decoded = decodeTexts(texts).map((text) => (text === '' ? null : text.slice(1)));
  return Array.from(codesOf(data), (code) => decoded[code] ?? null);
}

/** Reads single rows. */
export function readDictionary(given: Uint8Array): (row: number) => string | null {
  const data = aligned(given);
  const texts = openTexts(open(data).texts);
  const codes = codesOf(data);
  return (row) => textAt(texts, codes[row] ?? 0).slice(1) || null;
}

/** Rows whose text is one of those given; or, where `wanted` is false, is none of them. */
export function oneOf(given: Iterable<string>, wanted = true): Test {
  const byHash = new Map<number, Buffer[]>();
  for (const text of given) {
    const same = byHash.get(hash(text)) ?? [];
    byHash.set(hash(text), [...same, Buffer.from(`=${text}`)]);
  }
  return (column, rows, count) => {
    const data = aligned(column);
    const { hashes, texts } = open(data);
    const good = new Uint8Array(hashes.length);
    let pass = 0;
    let opened: ReturnType<typeof openTexts> | undefined;
    for (let code = 0; code < hashes.length; code++) {
      const candidates = byHash.get(hashes[code] as number);
      if (!candidates) continue;
      opened ??= openTexts(texts);
      const own = opened.bytes.subarray(opened.starts[code], opened.starts[code + 1]);
      if (!candidates.some((candidate) => candidate.equals(own))) continue;
      good[code] = 1;
      pass++;
    }
    if (pass === 0) return wanted ? 0 : count;
    if (pass === hashes.length) return wanted ? count : 0;
    const codes = codesOf(data);
    const sought = wanted ? 1 : 0;
    let kept = 0;
    for (let at = 0; at < count; at++) {
      const row = rows[at] as number;
      if (good[codes[row] as number] === sought) rows[kept++] = row;
    }
    return kept;
  };
}

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

/** FNV-1a, its high bits folded into the low ones. It is stored: it never changes. */
function hash(text: string): number {
  let state = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) state = Math.imul(state ^ text.charCodeAt(at), 0x01000193);
  return (state ^ (state >>> 15)) >>> 0;
}

/** A byte array that words may be read from. */
const aligned = (data: Uint8Array): Uint8Array => (data.byteOffset % 4 === 0 ? data : data.slice());

const rowsOf = (data: Uint8Array): number => new DataView(data.buffer, data.byteOffset).getUint32(4, true);
const textsAt = (rows: number, width: number): number => (8 + rows * width + 3) & ~3;

function codesOf(data: Uint8Array): Uint8Array | Uint16Array {
  const rows = rowsOf(data);
  const at = data.byteOffset + 8;
  return data[0] === 1 ? new Uint8Array(data.buffer, at, rows) : new Uint16Array(data.buffer, at, rows);
}

function open(data: Uint8Array): { readonly hashes: Uint32Array; readonly texts: Uint8Array } {
  const head = textsAt(rowsOf(data), data[0] ?? 1);
  const count = new DataView(data.buffer, data.byteOffset).getUint32(head, true);
  return {
    hashes: new Uint32Array(data.buffer, data.byteOffset + head + 4, count),
    texts: data.subarray(head + 4 + count * 4),
  };
}
