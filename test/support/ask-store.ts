import { sql } from 'kysely';
import { openReader } from '../../packages/server/src/store/open-database.ts';
import type { StoreLocation } from '../../packages/server/src/store/store-location.ts';

export type Row = Readonly<Record<string, string | number | Uint8Array | null>>;

/** What queries give, as another process reads the store: one list of rows each. */
export async function askStore(location: StoreLocation, ...queries: readonly string[]): Promise<Row[][]> {
  const { db } = await openReader(location);
  try {
    const answers: Row[][] = [];
    for (const query of queries) answers.push((await sql.raw<Row>(query).execute(db)).rows);
    return answers;
  } finally {
    await db.destroy();
  }
}

/** Every table of a store, by name, with its columns. */
export async function tablesOf(location: StoreLocation): Promise<{ name: string; columns: string[] }[]> {
  const { db } = await openReader(location);
  try {
    const tables = (await db.introspection.getTables()).filter(({ isView }) => !isView);
    return tables.map(({ name, columns }) => ({ name, columns: columns.map((column) => column.name) }));
  } finally {
    await db.destroy();
  }
}
