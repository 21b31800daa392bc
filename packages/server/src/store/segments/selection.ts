/** What every column of a segment is: see open-column.ts. */
export interface TypedColumn {
  readonly type: string;
}

/**
 * The rows of a segment that still match, by their place in it, ascending: the first `count` of `rows`. A test moves those
 * that pass it to the front and returns how many they are.
 */
export type Test = (column: TypedColumn, rows: Uint16Array, count: number) => number;

/** A test of columns of one type. */
export const testOf =
  <Column extends TypedColumn>(
    type: Column['type'],
    test: (column: Column, rows: Uint16Array, count: number) => number,
  ): Test =>
  (column, rows, count) => {
    if (!isOf<Column>(column, type))
      throw new Error(`A column of a list is of type ${column.type} where ${type} is tested`);
    return test(column, rows, count);
  };

const isOf = <Column extends TypedColumn>(column: TypedColumn, type: Column['type']): column is Column =>
  column.type === type;

const EVERY = Uint16Array.from({ length: 0x10000 }, (_, row) => row);

/** Rows from `start` up to `end` of a segment, written over `rows`; returns how many they are. */
export function selectRows(rows: Uint16Array, start: number, end: number): number {
  if (start >= end) return 0;
  rows.set(EVERY.subarray(start, end));
  return end - start;
}
