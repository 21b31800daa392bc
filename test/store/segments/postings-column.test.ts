import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodePostings } from '../../../packages/server/src/store/segments/decode-postings.ts';
import { encodePostings } from '../../../packages/server/src/store/segments/encode-postings.ts';
import { hasTerm } from '../../../packages/server/src/store/segments/has-term.ts';
import { openPostings, type Terms, termsOf } from '../../../packages/server/src/store/segments/postings-column.ts';

const term = fc.oneof(fc.nat({ max: 12 }), fc.constantFrom(2 ** 32 - 1, 2 ** 31, 2 ** 30));
/** Rows of one kind follow each other, or they are mixed: each form of a term's rows comes up. */
const rows = fc
  .array(fc.tuple(fc.uniqueArray(term, { maxLength: 5 }), fc.integer({ min: 1, max: 70 })), { maxLength: 12 })
  .map((stretches) => stretches.flatMap(([terms, times]) => Array.from({ length: times }, () => terms)));
const mixed = fc.array(fc.uniqueArray(term, { maxLength: 5 }), { maxLength: 300 });

const asTerms = (terms: readonly number[]) => (terms.length < 2 ? (terms[0] ?? null) : Uint32Array.from(terms));
const asList = (terms: Terms): number[] =>
  (terms === null ? [] : typeof terms === 'number' ? [terms] : [...terms]).toSorted((a, b) => a - b);

test('any rows come back with the terms that they had', () => {
  fc.assert(
    fc.property(fc.oneof(rows, mixed), (values) => {
      for (const parts of [1, 16]) {
        const back = decodePostings([...encodePostings(values.map(asTerms), parts)]);
        expect(back.map(asList)).toEqual(values.map((terms) => terms.toSorted((a, b) => a - b)));
      }
    }),
  );
});

test('each part has the terms of its remainder, and a term that comes twice once', () => {
  const columns = encodePostings([Uint32Array.of(5, 2 ** 32 - 1, 16, 21, 5)], 16);
  const parts = [...columns.map((data) => [...openPostings(data).terms])];
  expect([parts[0], parts[5], parts[15]]).toEqual([[16], [5, 21], [2 ** 32 - 1]]);
  expect(parts.flat()).toHaveLength(4);
});

test('rows that have one of some terms are kept, of a stretch of rows and of any choice of them', () => {
  fc.assert(
    fc.property(
      fc.oneof(rows, mixed),
      fc.uniqueArray(term, { minLength: 1, maxLength: 4 }),
      fc.nat({ max: 400 }),
      fc.nat({ max: 400 }),
      fc.integer({ min: 1, max: 4 }),
      (values, wanted, from, to, every) => {
        const [data = new Uint8Array()] = encodePostings(values.map(asTerms));
        const given = Uint16Array.from(values.keys())
          .slice(from, to)
          .filter((row) => row % every === 0);
        const expected = [...given].filter((row) => values[row]?.some((one) => wanted.includes(one)));
        // A blob may lie anywhere in memory.
        const shifted = new Uint8Array(data.length + 1).subarray(1);
        shifted.set(data);
        for (const column of [data, shifted]) {
          const left = given.slice();
          const count = hasTerm(wanted)(openPostings(column), left, left.length);
          expect([...left.subarray(0, count)]).toEqual(expected);
        }
      },
    ),
  );
});

test.each([
  ['spread evenly', (at: number) => Math.imul(at, 0x9e3779b1) >>> 0],
  ['close together', (at: number) => 2 ** 31 + at * 2],
  ['few and far', (at: number) => (at % 2 === 0 ? at : 2 ** 32 - 1 - at)],
])('of many terms that are %s each is found, and none that is not there', (_, termOf) => {
  for (const size of [1, 2, 17, 3000]) {
    const terms = Array.from({ length: size }, (_, at) => termOf(at));
    const [data = new Uint8Array()] = encodePostings(terms);
    const column = openPostings(data);
    const rowsWith = (...wanted: number[]): number[] => {
      const rows = Uint16Array.from(terms.keys());
      return [...rows.subarray(0, hasTerm(wanted)(column, rows, rows.length))];
    };
    const there = new Set(terms);
    for (const [row, term] of terms.entries()) {
      expect(rowsWith(term)).toEqual([row]);
      for (const other of [term - 1, term + 1])
        if (other >= 0 && !there.has(other)) expect(rowsWith(other)).toEqual([]);
    }
    expect(rowsWith(...terms.filter((_, at) => at % 3 === 0))).toEqual([...terms.keys()].filter((at) => at % 3 === 0));
  }
});

test('what all rows of a segment have takes no more room than what one has', () => {
  const [one, all, half] = [(row: number) => row === 7, () => true, (row: number) => row % 2 === 0].map(
    (has) => [...encodePostings(Array.from({ length: 4001 }, (_, row) => (has(row) ? 7 : null)))][0]?.length,
  );
  expect(all).toBeLessThan((one ?? 0) + 8);
  expect(half).toBeLessThan(4001 / 8 + 32);
});

test('terms as a table keeps them are read wherever their bytes lie', () => {
  const packed = new Uint8Array(Uint32Array.of(5, 2 ** 32 - 1, 16, 21).buffer);
  const shifted = new Uint8Array(packed.length + 1).subarray(1);
  shifted.set(packed);
  for (const bytes of [packed, shifted]) expect([...termsOf(bytes)]).toEqual([5, 2 ** 32 - 1, 16, 21]);
});
