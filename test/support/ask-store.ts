import { sql } from 'kysely';
import { openReader } from '../../packages/server/src/store/database/open-database.ts';
import type { StoreLocation } from '../../packages/server/src/store/database/store-location.ts';

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
export async function tablesOf(store: StoreLocation): Promise<{ name: string; columns: string[] }[]> {
  const [columns = []] = await askStore(store, 'url' in store ? POSTGRES_COLUMNS : SQLITE_COLUMNS);
  const tables = Map.groupBy(columns, ({ name }) => `${name}`);
  return [...tables].map(([name, own]) => ({ name, columns: own.map((each) => `${each.column}`) }));
}

const POSTGRES_COLUMNS = `
select table_name as name, column_name as "column" from information_schema.columns
where table_schema = 'public' order by table_name, ordinal_position`;

const SQLITE_COLUMNS = `
select tables.name as name, columns.name as "column" from sqlite_schema as tables, pragma_table_info(tables.name) as columns
where tables.type = 'table' order by tables.name, columns.cid`;
