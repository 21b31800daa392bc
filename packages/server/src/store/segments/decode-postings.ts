import { rowsWith } from './posting-rows.ts';
import { openPostings, type Terms } from './postings-column.ts';

/** What encodePostings was given, of all its columns: a row's terms once each, part by part, ascending in each. */
export function decodePostings(parts: readonly Uint8Array[]): Terms[] {
  const columns = parts.map(openPostings);
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
