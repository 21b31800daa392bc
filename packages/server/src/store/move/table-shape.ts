import { MoveError } from './move-error.ts';

export type ColumnType = 'integer' | 'text' | 'bytes' | 'double';

export interface ColumnShape {
  readonly name: string;
  readonly type: ColumnType;
}

/** A table as a database's own catalog describes it. */
export interface TableShape {
  readonly name: string;
  readonly columns: readonly ColumnShape[];
  /** The columns of the primary key, in its order. */
  readonly key: readonly string[];
  /** The column whose values a PostgreSQL database gives, by a counter. */
  readonly counted?: string;
}

/** A line of a catalog: one column. */
export interface CatalogRow {
  readonly table: string;
  readonly column: string;
  readonly type: string;
  /** Its place in the primary key, from 1; 0 where it is not in it. */
  readonly place: number;
  readonly counted?: boolean;
}

/** The version is no row of the store: it is brought to this program's on both sides. */
const VERSION_TABLE = 'schema_version';

/** Tables in the order of their names, from the lines of a catalog in the order of their columns. */
export function tableShapes(rows: readonly CatalogRow[], types: Readonly<Record<string, ColumnType>>): TableShape[] {
  const tables = Map.groupBy(
    rows.filter(({ table }) => table !== VERSION_TABLE),
    ({ table }) => table,
  );
  return [...tables]
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([name, columns]) => {
      const key = columns.filter(({ place }) => place > 0).sort((one, other) => one.place - other.place);
      if (key.length === 0)
        throw new MoveError(`The table ${name} has no primary key, so that its rows have no order.`);
      const counted = columns.find((column) => column.counted)?.column;
      return {
        name,
        columns: columns.map(({ column, type }) => ({ name: column, type: typeOf(name, column, type, types) })),
        key: key.map(({ column }) => column),
        ...(counted === undefined ? {} : { counted }),
      };
    });
}

function typeOf(table: string, column: string, type: string, types: Readonly<Record<string, ColumnType>>): ColumnType {
  const known = types[type.toLowerCase()];
  if (!known)
    throw new MoveError(`The column ${column} of ${table} is of the type ${type}, which no table of Assay has.`);
  return known;
}

/** A name as it stands in SQL, on both sides. */
export const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;

/** Throws {@link MoveError} unless both sides have the same tables, with the same columns and keys. */
export function requireSameShape(source: readonly TableShape[], target: readonly TableShape[]): void {
  const lines = (tables: readonly TableShape[]): string[] =>
    tables.flatMap(({ name, columns, key }) => [
      ...columns.map((column) => `${name}.${column.name} of type ${column.type}`),
      `${name} with the key ${key.join(', ')}`,
    ]);
  const [here, there] = [new Set(lines(source)), new Set(lines(target))];
  const differences = [
    ...[...here.difference(there)].map((line) => `only the file has ${line}`),
    ...[...there.difference(here)].map((line) => `only the database has ${line}`),
  ];
  if (differences.length === 0) return;
  throw new MoveError(
    `The file and the database do not have the same tables: ${differences.slice(0, 5).join('; ')}. ` +
      'Nothing was written. Give a database that holds nothing else.',
  );
}
