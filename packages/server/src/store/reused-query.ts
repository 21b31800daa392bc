import { type Compilable, type CompiledQuery, type RawBuilder, sql } from 'kysely';
import type { Db, Dialect, Handle } from './dialect.ts';

type Values = Readonly<Record<string, string | number>>;

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

/**
 * A query of which nothing changes but values: its text is made once a dialect and kept, which for a short query takes
 * longer than the database does. `build` may only pass its values on as parameters, never look at them.
 */
export function reusedQuery<V extends Values, Row>(
  build: (db: Db, values: V) => Compilable<Row>,
): (handle: Pick<Handle, 'read' | 'dialect'>, values: V) => Promise<Row[]> {
  const made = new Map<Dialect, CompiledQuery<Row>>();
  return async ({ read, dialect }, values) => {
    let query = made.get(dialect);
    if (!query) {
      const slots = Object.fromEntries(Object.keys(values).map((name) => [name, new Slot(name)]));
      query = build(read, slots as unknown as V).compile();
      made.set(dialect, query);
    }
    const parameters = query.parameters.map((value) => (value instanceof Slot ? values[value.name] : value));
    const filled = { ...query, parameters };
    return dialect.rowsAtOnce?.(read, filled) ?? (await read.executeQuery<Row>(filled)).rows;
  };
}
