import { BITS, FORM, openPostings, ROWS, STRETCHES, type Terms } from './postings-column.ts';

/** The terms of a segment's rows, as so many columns by their remainder: each is made when it is asked for. */
export function* encodePostings(values: readonly Terms[], parts = 1): Generator<Uint8Array, void, undefined> {
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
  for (const own of pairs) yield encodePart(own.sort(), values.length);
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
  const column = openPostings(data);
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
