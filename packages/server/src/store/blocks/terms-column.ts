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

/** The terms of a row: none, one, or several. */
export type Terms = null | number | Uint32Array;

/** The terms of a block's rows, as so many columns by their remainder. */
export function encodeTerms(values: readonly Terms[], parts = 1): Uint8Array[] {
  const sizes = new Uint32Array(parts);
  const count = (term: number): void => {
    sizes[term % parts] = (sizes[term % parts] as number) + 1;
  };
  for (const terms of values) eachTerm(terms, count);
  // Term and row in one number of 48 bits: sorting them is all it takes to have every term's rows together.
  const pairs = Array.from(sizes, (size) => new Float64Array(size));
  const ends = new Uint32Array(parts);
  let row = 0;
  const put = (term: number): void => {
    const part = term % parts;
    const end = ends[part] as number;
    (pairs[part] as Float64Array)[end] = term * ROW + row;
    ends[part] = end + 1;
  };
  for (; row < values.length; row++) eachTerm(values[row] ?? null, put);
  return pairs.map((own) => encodePart(own.sort(), values.length));
}

function eachTerm(terms: Terms, use: (term: number) => void): void {
  if (typeof terms === 'number') use(terms);
  else if (terms) for (let at = 0; at < terms.length; at++) use(terms[at] as number);
}

const ROW = 2 ** 16;

/** Pairs ascending: one may come twice. */
function encodePart(pairs: Float64Array, count: number): Uint8Array {
  const rows = new Uint16Array(pairs.length);
  const terms = new Uint32Array(pairs.length);
  const begins = new Uint32Array(pairs.length + 1);
  const stretches = new Uint32Array(pairs.length);
  let [kept, size, before] = [0, 0, -2];
  for (let at = 0; at < pairs.length; at++) {
    const pair = pairs[at] as number;
    if (pair === before) continue;
    const term = Math.floor(pair / ROW);
    if (size === 0 || terms[size - 1] !== term) {
      terms[size] = term;
      begins[size++] = kept;
      before = -2;
    }
    if (pair !== before + 1) stretches[size - 1] = (stretches[size - 1] as number) + 1;
    rows[kept++] = pair - term * ROW;
    before = pair;
  }
  begins[size] = kept;

  const bits = Math.ceil(count / 16);
  const sizeOf = (place: number): number =>
    Math.min((begins[place + 1] as number) - (begins[place] as number), (stretches[place] as number) * 2, bits);
  let words = 0;
  for (let place = 0; place < size; place++) words += sizeOf(place);
  const data = new Uint8Array(8 + size * 8 + 4 + words * 2);
  new Uint32Array(data.buffer, 0, 2).set([count, size]);
  const column = openTerms(data);
  column.terms.set(terms.subarray(0, size));
  let at = 0;
  for (let place = 0; place < size; place++) {
    const own = rows.subarray(begins[place], begins[place + 1]);
    const length = sizeOf(place);
    const form = length === own.length ? ROWS : length === (stretches[place] as number) * 2 ? STRETCHES : BITS;
    column.starts[place] = form * 2 ** FORM + at;
    write(form, own, column.words.subarray(at, at + length));
    at += length;
  }
  column.starts[size] = at;
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

/** What {@link encodeTerms} was given, of all its columns: a row's terms once each, part by part, ascending in each. */
export function decodeTerms(parts: readonly Uint8Array[]): Terms[] {
  const columns = parts.map(openTerms);
  const count = columns[0]?.count ?? 0;
  const values = Array.from({ length: count }, (): number[] => []);
  const rows = new Uint16Array(count);
  for (const column of columns) {
    for (let place = 0; place < column.terms.length; place++) {
      const kept = rowsWith(column, [place], 0, count, rows);
      for (let at = 0; at < kept; at++) values[rows[at] as number]?.push(column.terms[place] as number);
    }
  }
  return values.map((terms) => (terms.length < 2 ? (terms[0] ?? null) : Uint32Array.from(terms)));
}

/** Rows that have one of the terms. They may be of other texts with the same hash. */
export function hasTerm(given: Iterable<number>): Test {
  const wanted = Uint32Array.from(new Set(given)).sort();
  const isWanted = new Set(wanted);
  return testOf<TermsColumn>('terms', (column, rows, count) => {
    if (count === 0) return 0;
    const { terms } = column;
    const places: number[] = [];
    // Whichever side has fewer terms is looked up in the other.
    if (terms.length < wanted.length) {
      for (let place = 0; place < terms.length; place++) if (isWanted.has(terms[place] as number)) places.push(place);
    } else {
      let place = 0;
      for (let at = 0; at < wanted.length && place < terms.length; at++) {
        place = firstFrom(terms, wanted[at] as number, place);
        if (terms[place] === wanted[at]) places.push(place);
      }
    }
    if (places.length === 0) return 0;
    const [first, last] = [rows[0] as number, rows[count - 1] as number];
    if (last - first === count - 1) return rowsWith(column, places, first, last + 1, rows);
    if (places.length === 1) return rowsAmong(column, places[0] as number, rows, count);
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

/** Terms of 4 bytes each, as a table keeps them. */
export const termsOf = (packed: Uint8Array): Uint32Array => {
  const bytes = packed.byteOffset % 4 === 0 ? packed : Uint8Array.from(packed);
  return new Uint32Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 4);
};

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

function write(form: number, rows: Uint16Array, words: Uint16Array): void {
  if (form === ROWS) {
    words.set(rows);
    return;
  }
  let end = -1;
  let before = -2;
  for (let at = 0; at < rows.length; at++) {
    const row = rows[at] as number;
    if (form === BITS) words[row >> 4] = (words[row >> 4] as number) | (1 << (row & 15));
    else {
      if (row !== before + 1) words[++end * 2] = row;
      words[end * 2 + 1] = row;
      before = row;
    }
  }
}

/**
 * The place of the first of some ascending terms, from a place on, that is not less than a term. Hashes are spread evenly:
 * it is looked for around where it would stand then, which reads a few dozen bytes where halving would read all over
 * kilobytes that are seldom in the processor's cache. Where they are not, the looks grow.
 */
function firstFrom(terms: Uint32Array, term: number, start: number): number {
  let [from, to] = [start, terms.length];
  if (from >= to) return to;
  const guess = Math.max(from, Math.min(to - 1, Math.floor((term / 2 ** 32) * to)));
  let step = NEAR;
  if ((terms[guess] as number) < term) {
    from = guess + 1;
    while (from + step < to) {
      if ((terms[from + step] as number) >= term) {
        to = from + step;
        break;
      }
      from += step + 1;
      step *= 2;
    }
  } else {
    to = guess;
    while (to - step > from) {
      if ((terms[to - step] as number) < term) {
        from = to - step + 1;
        break;
      }
      to -= step;
      step *= 2;
    }
  }
  while (from < to) {
    const middle = (from + to) >>> 1;
    if ((terms[middle] as number) < term) from = middle + 1;
    else to = middle;
  }
  return from;
}

/** Terms of a line of the processor's cache. */
const NEAR = 16;

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

/** Moves those of some rows that have the term in a place to the front; returns how many they are. */
function rowsAmong({ starts, words }: TermsColumn, place: number, rows: Uint16Array, count: number): number {
  const form = (starts[place] as number) >>> FORM;
  const end = (starts[place + 1] as number) & OFFSET;
  let at = (starts[place] as number) & OFFSET;
  let kept = 0;
  if (form === BITS) {
    for (let one = 0; one < count; one++) {
      const row = rows[one] as number;
      rows[kept] = row;
      kept += ((words[at + (row >> 4)] as number) >> (row & 15)) & 1;
    }
    return kept;
  }
  // Both ascend. Of a stretch its last row tells whether it is over, of a row the row itself.
  const step = form === ROWS ? 1 : 2;
  for (let one = 0; one < count; one++) {
    const row = rows[one] as number;
    while (at < end && (words[at + step - 1] as number) < row) at += step;
    if (at >= end) break;
    if ((words[at] as number) <= row) rows[kept++] = row;
  }
  return kept;
}

/** Used again for every block: nothing is awaited while it is in use. */
const bitScratch = new Uint16Array(0x1000);

/** A bit a row that has one of the terms in those places: a view that the next call overwrites. */
function bitsOf({ count, starts, words }: TermsColumn, places: readonly number[]): Uint16Array {
  const bits = bitScratch.subarray(0, Math.ceil(count / 16)).fill(0);
  for (const place of places) {
    const start = (starts[place] as number) & OFFSET;
    const end = (starts[place + 1] as number) & OFFSET;
    const form = (starts[place] as number) >>> FORM;
    if (form === BITS) {
      for (let at = 0; at < bits.length; at++) bits[at] = (bits[at] as number) | (words[start + at] as number);
    } else if (form === ROWS) {
      for (let at = start; at < end; at++) setBits(bits, words[at] as number, words[at] as number);
    } else {
      for (let at = start; at < end; at += 2) setBits(bits, words[at] as number, words[at + 1] as number);
    }
  }
  return bits;
}

/** Sets the bits of a row up to another, a word at a time. */
function setBits(bits: Uint16Array, first: number, last: number): void {
  const [from, to] = [first >> 4, last >> 4];
  const [head, tail] = [(0xffff << (first & 15)) & 0xffff, 0xffff >> (15 - (last & 15))];
  if (from === to) {
    bits[from] = (bits[from] as number) | (head & tail);
    return;
  }
  bits[from] = (bits[from] as number) | head;
  bits.fill(0xffff, from + 1, to);
  bits[to] = (bits[to] as number) | tail;
}
