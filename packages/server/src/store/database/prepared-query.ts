import { type Compilable, type CompiledQuery, type RawBuilder, sql } from 'kysely';
import type { Db, Dialect, Handle } from './dialect.ts';

/** What a reused query is given, each a parameter. */
export type Values<V> = Readonly<Record<keyof V, string | number | Uint8Array>>;

/** Stands for a value while a query's text is made. */
class Slot {
  readonly name: string;
  constructor(name: string) {
    this.name = name;
  }
}

/**
 * A limit of which SQLite does not know that it is a number alone: one that it knows makes it plan a statement anew each
 * time that another is bound, which takes as long as reading the page.
 */
export const unplannedLimit = (limit: number): RawBuilder<number> => sql<number>`(${limit} + 0)`;

export interface ReusedQueryOptions {
  /**
   * Of rows that are asked for while much is written. They are read by the handle that writes, where it is free: what
   * SQLite keeps of the file in memory stays good there when this process commits, and is dropped by a handle that reads.
   */
  readonly whileWriting?: boolean;
}

/**
 * A query of which nothing changes but values: its text is made once a dialect and kept, which for a short query takes
 * longer than the database does. `build` may only pass its values on as parameters, never look at them.
 */
export function preparedQuery<V extends Values<V>, Row>(
  build: (db: Db, values: V, dialect: Dialect) => Compilable<Row>,
  { whileWriting = false }: ReusedQueryOptions = {},
): (handle: Pick<Handle, 'read' | 'dialect'> & Partial<Pick<Handle, 'write'>>, values: V) => Promise<Row[]> {
  const fill = reusedText(build);
  return async ({ read, write, dialect }, values) => {
    const query = fill(read, dialect, values);
    const { rowsAtOnce } = dialect;
    return (
      (whileWriting && write ? rowsAtOnce(write, query) : undefined) ??
      rowsAtOnce(read, query) ??
      (await read.executeQuery<Row>(query)).rows
    );
  };
}

/** The same for a statement that writes; it gives what it returns. */
export function reusedStatement<V extends Values<V>, Row>(
  build: (db: Db, values: V) => Compilable<Row>,
): (handle: Pick<Handle, 'write' | 'dialect'>, values: V) => Promise<Row[]> {
  const fill = reusedText(build);
  return async ({ write, dialect }, values) => (await write.executeQuery<Row>(fill(write, dialect, values))).rows;
}

function reusedText<V extends Values<V>, Row>(
  build: (db: Db, values: V, dialect: Dialect) => Compilable<Row>,
): (db: Db, dialect: Dialect, values: V) => CompiledQuery<Row> {
  const made = new Map<Dialect, CompiledQuery<Row>>();
  return (db, dialect, values) => {
    let query = made.get(dialect);
    if (!query) {
      const slots = Object.fromEntries(Object.keys(values).map((name) => [name, new Slot(name)]));
      query = build(db, slots as unknown as V, dialect).compile();
      made.set(dialect, query);
    }
    const own: Readonly<Record<string, unknown>> = values;
    const parameters = query.parameters.map((value) => (value instanceof Slot ? own[value.name] : value));
    return { ...query, parameters };
  };
}
