import { bitsOf, rowsAmong, rowsInBits, rowsWith } from './posting-rows.ts';
import type { PostingsColumn } from './postings-column.ts';
import { type Test, testOf } from './selection.ts';

/** Rows that have one of the terms. They may be of other texts with the same hash. */
export function hasTerm(given: Iterable<number>): Test {
  const wanted = Uint32Array.from(new Set(given)).sort();
  const isWanted = new Set(wanted);
  return testOf<PostingsColumn>('terms', (column, rows, count) => {
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
    return rowsInBits(bitsOf(column, places), 0, rows, count);
  });
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
