import { ownBytes } from './own-bytes.ts';

/**
 * For each term (a hash) of a segment, which rows have it: at 0 how many rows, at 4 how many terms, from 8 on the terms
 * ascending, then where the rows of each begin in the words of 16 bits that follow, with the form of them in the two
 * highest bits, and where the last ones end. The smallest form is taken: the rows, ascending; stretches of rows, each its
 * first and its last; or a bit a row.
 */
export interface PostingsColumn {
  readonly type: 'terms';
  readonly data: Uint8Array;
  /** How many rows the segment has. */
  readonly count: number;
  readonly terms: Uint32Array;
  readonly starts: Uint32Array;
  readonly words: Uint16Array;
}

/** The terms of a row: none, one, or several. */
export type Terms = null | number | Uint32Array;

export function openPostings(given: Uint8Array): PostingsColumn {
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
export const [ROWS, STRETCHES, BITS] = [0, 1, 2] as const;
export const FORM = 30;
export const OFFSET = 2 ** FORM - 1;
