/**
 * The rows of a block that still match, by their place in it, ascending: the first `count` of `rows`. A test moves those
 * that pass it to the front and returns how many they are.
 */
export type Test = (data: Uint8Array, rows: Uint16Array, count: number) => number;

/** Rows from `start` up to `end` of a block. */
export function selectRows(rows: Uint16Array, start: number, end: number): number {
  for (let row = start; row < end; row++) rows[row - start] = row;
  return end - start;
}
