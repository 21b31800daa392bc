import { BITS, FORM, OFFSET, type PostingsColumn, ROWS } from './postings-column.ts';

/** Writes the rows of the terms in those places, from one row up to another, to the front of `rows`; returns how many. */
export function rowsWith(
  column: PostingsColumn,
  places: readonly number[],
  from: number,
  to: number,
  rows: Uint16Array,
): number {
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

/** Moves those of some rows whose bit is set, in words from a place on, to the front; returns how many they are. */
export function rowsInBits(words: Uint16Array, from: number, rows: Uint16Array, count: number): number {
  let kept = 0;
  for (let at = 0; at < count; at++) {
    const row = rows[at] as number;
    rows[kept] = row;
    kept += ((words[from + (row >> 4)] as number) >> (row & 15)) & 1;
  }
  return kept;
}

/** Moves those of some rows that have the term in a place to the front; returns how many they are. */
export function rowsAmong({ starts, words }: PostingsColumn, place: number, rows: Uint16Array, count: number): number {
  const form = (starts[place] as number) >>> FORM;
  const end = (starts[place + 1] as number) & OFFSET;
  let at = (starts[place] as number) & OFFSET;
  let kept = 0;
  if (form === BITS) return rowsInBits(words, at, rows, count);
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

/** Used again for every segment: nothing is awaited while it is in use. */
const bitScratch = new Uint16Array(0x1000);

/** A bit a row that has one of the terms in those places: a view that the next call overwrites. */
export function bitsOf({ count, starts, words }: PostingsColumn, places: readonly number[]): Uint16Array {
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
