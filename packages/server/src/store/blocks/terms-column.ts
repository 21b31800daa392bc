import { ownBytes } from './own-bytes.ts';
import { type Test, testOf } from './selection.ts';

/**
 * For each term (a hash) of a block, which rows have it: at 0 how many rows, at 4 how many terms, from 8 on the terms
 * ascending, then where the rows of each begin in the words of 16 bits that follow, with the form of them in the two
 * highest bits, and where the last ones end. The smallest form is taken: the rows, ascending; stretches of rows, each its
 * first and its last; or a bit a row.
 */
export interface TermsColumn {
  readonly type: 'terms';
  readonly data: Uint8Array;
  /** How many rows the block has. */
  readonly count: number;
  readonly terms: Uint32Array;
  readonly starts: Uint32Array;
  readonly words: Uint16Array;
}

export function encodeTerms(values: readonly (readonly number[])[]): Uint8Array {
  const rowsOf = new Map<number, number[]>();
  for (const [row, terms] of values.entries()) {
    for (const term of terms) {
      const rows = rowsOf.get(term);
      if (rows === undefined) rowsOf.set(term, [row]);
      else if (rows.at(-1) !== row) rows.push(row);
    }
  }
  const terms = Uint32Array.from(rowsOf.keys()).sort();
  const bits = Math.ceil(values.length / 16);
  const forms = Array.from(terms, (term) => {
    const rows = rowsOf.get(term) ?? [];
    let stretches = 0;
    for (let at = 0; at < rows.length; at++) if (rows[at] !== (rows[at - 1] ?? -2) + 1) stretches++;
    const size = Math.min(rows.length, stretches * 2, bits);
    return { rows, size, form: size === rows.length ? ROWS : size === stretches * 2 ? STRETCHES : BITS };
  });
  const size = forms.reduce((sum, one) => sum + one.size, 0);
  const data = new Uint8Array(8 + terms.length * 8 + 4 + size * 2);
  new Uint32Array(data.buffer, 0, 2).set([values.length, terms.length]);
  const column = openTerms(data);
  column.terms.set(terms);
  let at = 0;
  for (const [place, { rows, size: own, form }] of forms.entries()) {
    column.starts[place] = form * 2 ** FORM + at;
    write(form, rows, column.words.subarray(at, at + own));
    at += own;
  }
  column.starts[terms.length] = at;
  return data;
}

export function openTerms(given: Uint8Array): TermsColumn {
  const data = ownBytes(given);
  const [count = 0, size = 0] = new Uint32Array(data.buffer, 0, 2);
  const starts = 8 + size * 4;
  return {
    type: 'terms',
    data,
    count,
    terms: new Uint32Array(data.buffer, 8, size),
    starts: new Uint32Array(data.buffer, starts, size + 1),
    words: new Uint16Array(data.buffer, starts + (size + 1) * 4),
  };
}

/** The terms of each row, ascending. */
export function decodeTerms(data: Uint8Array): number[][] {
  const column = openTerms(data);
  const values = Array.from({ length: column.count }, (): number[] => []);
  const rows = new Uint16Array(column.count);
  for (const [place, term] of column.terms.entries()) {
    const kept = rowsWith(column, [place], 0, column.count, rows);
    for (let at = 0; at < kept; at++) values[rows[at] as number]?.push(term);
  }
  return values;
}

/** Rows that have one of the terms. They may be of other texts with the same hash. */
export function hasTerm(given: Iterable<number>): Test {
  const wanted = [...new Set(given)];
  return testOf<TermsColumn>('terms', (column, rows, count) => {
    if (count === 0) return 0;
    const places: number[] = [];
    for (const term of wanted) {
      const place = placeOf(column.terms, term);
      if (place >= 0) places.push(place);
    }
    if (places.length === 0) return 0;
    const [first, last] = [rows[0] as number, rows[count - 1] as number];
    if (last - first === count - 1) return rowsWith(column, places, first, last + 1, rows);
    const bits = bitsOf(column, places);
    let kept = 0;
    for (let at = 0; at < count; at++) {
      const row = rows[at] as number;
      rows[kept] = row;
      kept += ((bits[row >> 4] as number) >> (row & 15)) & 1;
    }
    return kept;
  });
}

/** Terms of 4 bytes each, as a table keeps them, by their remainder. */
export function splitTerms(packed: Uint8Array, parts: number): number[][] {
  const view = new DataView(packed.buffer, packed.byteOffset, packed.byteLength);
  const split = Array.from({ length: parts }, (): number[] => []);
  for (let at = 0; at < packed.byteLength; at += 4) {
    const term = view.getUint32(at, true);
    split[term % parts]?.push(term);
  }
  return split;
}

const HALF = 24;

/** Which of 48 bits the terms set: see maskOf of dictionaries. */
export function maskOfTerms(terms: Iterable<number>): number {
  let [low, high] = [0, 0];
  for (const term of terms) {
    const bit = (term >>> 4) % (2 * HALF);
    if (bit < HALF) low |= 1 << bit;
    else high |= 1 << (bit - HALF);
  }
  return high * 2 ** HALF + low;
}

/** Forms of a term's rows. */
const [ROWS, STRETCHES, BITS] = [0, 1, 2] as const;
const FORM = 30;
const OFFSET = 2 ** FORM - 1;

function write(form: number, rows: readonly number[], words: Uint16Array): void {
  if (form === ROWS) words.set(rows);
  else if (form === BITS) for (const row of rows) words[row >> 4] = (words[row >> 4] as number) | (1 << (row & 15));
  else {
    let end = -1;
    for (const [at, row] of rows.entries()) {
      if (row !== (rows[at - 1] ?? -2) + 1) words[++end * 2] = row;
      words[end * 2 + 1] = row;
    }
  }
}

function placeOf(terms: Uint32Array, term: number): number {
  let [from, to] = [0, terms.length];
  while (from < to) {
    const middle = (from + to) >>> 1;
    if ((terms[middle] as number) < term) from = middle + 1;
    else to = middle;
  }
  return terms[from] === term ? from : -1;
}

/** Writes the rows of the terms in those places, from one row up to another, to the front of `rows`; returns how many. */
function rowsWith(column: TermsColumn, places: readonly number[], from: number, to: number, rows: Uint16Array): number {
  const { starts, words } = column;
  const [place] = places;
  const start = starts[place ?? 0] as number;
  const form = start >>> FORM;
  let kept = 0;
  if (places.length > 1 || form === BITS) {
    const bits = bitsOf(column, places);
    for (let word = from >> 4; word <= (to - 1) >> 4; word++) {
      let left = bits[word] as number;
      while (left !== 0) {
        const row = word * 16 + 31 - Math.clz32(left & -left);
        left &= left - 1;
        if (row >= from && row < to) rows[kept++] = row;
      }
    }
    return kept;
  }
  const end = (starts[(place ?? 0) + 1] as number) & OFFSET;
  if (form === ROWS) {
    for (let at = start & OFFSET; at < end; at++) {
      const row = words[at] as number;
      if (row >= from && row < to) rows[kept++] = row;
    }
  } else {
    for (let at = start & OFFSET; at < end; at += 2) {
      const last = Math.min(to - 1, words[at + 1] as number);
      for (let row = Math.max(from, words[at] as number); row <= last; row++) rows[kept++] = row;
    }
  }
  return kept;
}

/** A bit a row that has one of the terms in those places. */
function bitsOf({ count, starts, words }: TermsColumn, places: readonly number[]): Uint16Array {
  const bits = new Uint16Array(Math.ceil(count / 16));
  for (const place of places) {
    const start = (starts[place] as number) & OFFSET;
    const own = words.subarray(start, (starts[place + 1] as number) & OFFSET);
    const form = (starts[place] as number) >>> FORM;
    if (form === BITS) for (let at = 0; at < own.length; at++) bits[at] = (bits[at] as number) | (own[at] as number);
    else {
      const step = form === ROWS ? 1 : 2;
      for (let at = 0; at < own.length; at += step) {
        const last = own[at + step - 1] as number;
        for (let row = own[at] as number; row <= last; row++) {
          bits[row >> 4] = (bits[row >> 4] as number) | (1 << (row & 15));
        }
      }
    }
  }
  return bits;
}
