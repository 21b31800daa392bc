/**
 * The rows of a block that still match, by their place in it, ascending: the first `count` of `rows`. A test moves those
 * that pass it to the front and returns how many they are.
 */
export type Test = (data: Uint8Array, rows: Uint16Array, count: number) => number;

/** Rows from `start` up to `end` of a block. */
export function allRows(start: number, end: number): Uint16Array {
  const rows = new Uint16Array(Math.max(0, end - start));
  for (let at = 0; at < rows.length; at++) rows[at] = start + at;
  return rows;
}
