import { DatabaseSync } from 'node:sqlite';
import { quoted } from './table-shape.ts';

/** Whether a file is a store without a row, or nothing yet. What is no store is not empty. */
export function isStoreEmpty(file: string): boolean {
  let database: DatabaseSync | undefined;
  try {
    database = new DatabaseSync(file);
    const tables = database
      .prepare(`select name from sqlite_schema where type = 'table' and name not like 'sqlite%'`)
      .all();
    return tables.every(({ name }) => {
      if (name === 'schema_version') return true;
      return database?.prepare(`select 1 from ${quoted(String(name))} limit 1`).get() === undefined;
    });
  } catch {
    return false;
  } finally {
    database?.close();
  }
}
