import { DatabaseSync } from 'node:sqlite';
import { Client } from 'pg';
import type { StoreLocation } from '../packages/server/src/store/database/store-location.ts';

const KNOWN = 100_000;

/** Rows of a table by their primary keys, here and there. */
export interface PointReads {
  /** As many ids as a page has, others for another number. */
  readonly some: (at: number) => string[];
  readonly read: (at: number) => Promise<void>;
}

/** The floor of lists: what a page of `page` rows costs when somebody tells which rows it holds. */
export async function pointReads(
  location: StoreLocation,
  scope: number,
  { table, columns, page }: { readonly table: string; readonly columns: string; readonly page: number },
): Promise<PointReads> {
  const ids: string[] = [];
  const some = (at: number): string[] =>
    Array.from({ length: page }, (_, row) => ids[(at * 7919 + row * 104_729) % ids.length] ?? '');
  if ('url' in location) {
    const client = new Client(location.url);
    // It ends with its server.
    client.on('error', () => undefined);
    await client.connect();
    const known = `select id from ${table} where scope = $1 limit ${KNOWN}`;
    ids.push(...(await client.query<{ id: string }>(known, [scope])).rows.map(({ id }) => id));
    // A statement for all of them: a round trip each would be no floor.
    const text = `select ${columns} from ${table} where scope = $1 and id = any($2)`;
    const read = async (at: number): Promise<void> => {
      await client.query({ name: 'floor', text, values: [scope, some(at)] });
    };
    return { some, read };
  }
  const database = new DatabaseSync(location.file, { readOnly: true });
  const known = database.prepare(`select id from ${table} where scope = ? limit ${KNOWN}`).all(scope);
  ids.push(...known.map(({ id }) => String(id)));
  const statement = database.prepare(`select ${columns} from ${table} where scope = ? and id = ?`);
  const read = async (at: number): Promise<void> => {
    for (const id of some(at)) statement.get(scope, id);
  };
  return { some, read };
}
