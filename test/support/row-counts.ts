import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { TestServer } from './test-server.ts';

/**
 * How many rows each table has, as another process reads them from the file; but for those that only make lists fast, whose
 * rows come and go by themselves: see check-blocks.ts.
 */
export function rowCounts({ directory }: Pick<TestServer, 'directory'>): Record<string, number> {
  const database = new DatabaseSync(join(directory, 'assay.db'), { readOnly: true });
  try {
    const tables = database
      .prepare("select name from sqlite_schema where type = 'table' and name not glob 'list_*'")
      .all() as { name: string }[];
    return Object.fromEntries(
      tables.map(({ name }) => [name, Number(database.prepare(`select count(*) as n from "${name}"`).get()?.n)]),
    );
  } finally {
    database.close();
  }
}
