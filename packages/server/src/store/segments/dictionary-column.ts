import { ownBytes } from './own-bytes.ts';
import { type Test, testOf } from './selection.ts';
import { encodeTexts, type TextColumn, textAt, textsIn } from './text-column.ts';

/**
 * Texts or nulls of a segment that repeat: at 0 the width of a code in bytes, at 4 how many rows, from 8 on a code a row;
 * then, at the next multiple of 4, how many texts there are, a hash of each, and the texts, each after a `=`; null is
 * the empty one.
 */
export interface DictionaryColumn {
  readonly type: 'dictionary';
  readonly data: Uint8Array;
  /** A code a row: the place of its text. */
  readonly codes: Uint8Array | Uint16Array;
  readonly hashes: Uint32Array;
  readonly texts: Pick<TextColumn, 'bytes' | 'starts'>;
}

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
  const coded = codesOf(data.buffer, values.length, width);
  for (const [row, value] of values.entries()) coded[row] = codes.get(value) ?? 0;
  view.setUint32(head, codes.size, true);
  for (const [text, code] of codes) view.setUint32(head + 4 + code * 4, text === null ? 0 : hash(text), true);
  data.set(texts, head + 4 + codes.size * 4);
  return data;
}

export function openDictionary(given: Uint8Array): DictionaryColumn {
  const data = ownBytes(given);
  const view = new DataView(data.buffer);
  const rows = view.getUint32(4, true);
  const width = data[0] ?? 1;
  const head = textsAt(rows, width);
  const count = view.getUint32(head, true);
  const texts = head + 4 + count * 4;
  return {
    type: 'dictionary',
    data,
    codes: codesOf(data.buffer, rows, width),
    hashes: new Uint32Array(data.buffer, head + 4, count),
    texts: textsIn(data.buffer, texts),
  };
}

export function decodeDictionary(data: Uint8Array): (string | null)[] {
  const column = openDictionary(data);
  const texts = Array.from(column.hashes, (_, code) => nameOf(column, code));
  return Array.from(column.codes, (code) => texts[code] ?? null);
}

/** The text of a single row. */
export const dictionaryAt = (column: DictionaryColumn, row: number): string | null =>
  nameOf(column, column.codes[row] ?? 0);

const nameOf = ({ texts }: DictionaryColumn, code: number): string | null => {
  const text = textAt(texts, code);
  return text === '' ? null : text.slice(1);
};

/** Rows whose text is one of those given; or, where `wanted` is false, is none of them. */
export function oneOf(given: Iterable<string>, wanted = true): Test {
  const sought = [...new Set(given)].map((text) => ({ hash: hash(text), bytes: Buffer.from(`=${text}`) }));
  const byHash = Map.groupBy(sought, (one) => one.hash);
  // Which codes of the segment at hand pass; as large as the codes can be.
  let good = new Uint8Array(0x100);
  return testOf<DictionaryColumn>('dictionary', (column, rows, count) => {
    const { hashes, codes, texts } = column;
    if (good.length < hashes.length) good = new Uint8Array(0x10000);
    good.fill(wanted ? 0 : 1, 0, hashes.length);
    let found = 0;
    const mark = (code: number, bytes: Buffer): boolean => {
      const own = texts.bytes.subarray(texts.starts[code], texts.starts[code + 1]);
      if (!bytes.equals(own)) return false;
      good[code] = wanted ? 1 : 0;
      found++;
      return true;
    };
    // Whichever side has fewer texts is looked up in the other.
    if (sought.length * 8 < hashes.length) {
      for (const { hash: one, bytes } of sought) {
        for (let code = hashes.indexOf(one); code >= 0 && !mark(code, bytes); ) code = hashes.indexOf(one, code + 1);
      }
    } else {
      for (let code = 0; code < hashes.length; code++) {
        for (const { bytes } of byHash.get(hashes[code] as number) ?? []) if (mark(code, bytes)) break;
      }
    }
    if (found === 0) return wanted ? 0 : count;
    if (found === hashes.length) return wanted ? count : 0;
    return codes instanceof Uint8Array ? keepBytes(codes, good, rows, count) : keepShorts(codes, good, rows, count);
  });
}

// A loop for each type of codes: one for both would look up the type at every row.

function keepBytes(codes: Uint8Array, good: Uint8Array, rows: Uint16Array, count: number): number {
  let kept = 0;
  for (let at = 0; at < count; at++) {
    const row = rows[at] as number;
    rows[kept] = row;
    kept += good[codes[row] as number] as number;
  }
  return kept;
}

function keepShorts(codes: Uint16Array, good: Uint8Array, rows: Uint16Array, count: number): number {
  let kept = 0;
  for (let at = 0; at < count; at++) {
    const row = rows[at] as number;
    rows[kept] = row;
    kept += good[codes[row] as number] as number;
  }
  return kept;
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

const textsAt = (rows: number, width: number): number => (8 + rows * width + 3) & ~3;

const codesOf = (buffer: ArrayBuffer, rows: number, width: number): Uint8Array | Uint16Array =>
  width === 1 ? new Uint8Array(buffer, 8, rows) : new Uint16Array(buffer, 8, rows);
