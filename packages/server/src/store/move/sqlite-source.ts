import { DatabaseSync } from 'node:sqlite';
import { isBusy, openSqlite, sqliteDialect } from '../database/sqlite.ts';
import { createSqlitePresence } from '../database/sqlite-presence.ts';
import { migrate } from '../migrate.ts';
import type { Value } from './encode-rows.ts';
import { MoveError } from './move-error.ts';
import { type CatalogRow, quoted, type TableShape, tableShapes } from './table-shape.ts';

/** A store in a file that nobody writes to until it is closed. */
export interface Source {
  readonly tables: readonly TableShape[];
  readonly count: (table: TableShape) => number;
  /** Every row in the order of the primary key. One table at a time. */
  readonly rows: (table: TableShape) => Iterable<readonly Value[]>;
  /** The bytes of a text as they are stored. */
  readonly bytesOf: (table: TableShape, column: string, key: readonly Value[]) => Uint8Array | undefined;
  /** The greatest value that a counted column ever had, as far as is known; 0 where there was none. */
  readonly lastCounted: (table: TableShape, column: string) => number;
  readonly close: () => Promise<void>;
}

/** How long another command's transaction is waited for, in milliseconds. */
const BUSY_TIMEOUT = 2000;

const types = { integer: 'integer', text: 'text', blob: 'bytes', real: 'double' } as const;

/** Brings the store to this version, and holds it. Throws {@link MoveError} where somebody works on it. */
export async function openSource(file: string): Promise<Source> {
  const presence = createSqlitePresence(file);
  if (!(await presence.alone())) {
    throw new MoveError('A server runs on the store. Stop it first: what it wrote meanwhile would be lost.');
  }
  try {
    const { read, write } = openSqlite(file);
    try {
      await migrate(write, sqliteDialect);
    } finally {
      await read.destroy();
      await write.destroy();
    }
    const database = hold(file);
    return { ...reading(database), close: () => release(database).then(presence.release) };
  } catch (error) {
    await presence.release();
    if (!isBusy(error)) throw error;
    throw new MoveError('Another command works on the store. Wait for its end, or end it, and try again.');
  }
}

/** Begins a transaction that writes nothing: as long as it lasts, nobody else does. */
function hold(file: string): DatabaseSync {
  const database = new DatabaseSync(file, { timeout: BUSY_TIMEOUT });
  try {
    database.exec('pragma cache_size = -65536; pragma mmap_size = 2147418112; begin immediate');
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

async function release(database: DatabaseSync): Promise<void> {
  database.exec('rollback');
  database.close();
}

/** What a file holds, by a handle that sees one moment of it. */
export function reading(database: DatabaseSync): Omit<Source, 'close'> {
  const catalog = database
    .prepare(
      `select t.name as "table", c.name as "column", c.type, c.pk as place
      from pragma_table_list t join pragma_table_info(t.name) c
      where t.schema = 'main' and t.type = 'table' and t.name not like 'sqlite\\_%' escape '\\' order by t.name, c.cid`,
    )
    .all() as unknown as CatalogRow[];
  const one = (text: string): number => Number(database.prepare(text).get()?.value ?? 0);
  return {
    tables: tableShapes(catalog, types),
    count: ({ name }) => one(`select count(*) as value from ${quoted(name)}`),
    rows: ({ name, columns, key }) => {
      const statement = database.prepare(
        `select ${columns.map((column) => quoted(column.name)).join(', ')} from ${quoted(name)}
          order by ${key.map(quoted).join(', ')}`,
      );
      statement.setReturnArrays(true);
      return statement.iterate() as unknown as Iterable<readonly Value[]>;
    },
    bytesOf: ({ name, key }, column, values) => {
      const row = database
        .prepare(
          `select cast(${quoted(column)} as blob) as value from ${quoted(name)}
            where ${key.map((part) => `${quoted(part)} = ?`).join(' and ')}`,
        )
        .get(...values);
      return row?.value instanceof Uint8Array ? row.value : undefined;
    },
    lastCounted: ({ name }, column) => {
      const counters = one(`select count(*) as value from sqlite_schema where name = 'sqlite_sequence'`);
      const given = counters > 0 ? one(`select seq as value from sqlite_sequence where name = ${literal(name)}`) : 0;
      return Math.max(given, one(`select max(${quoted(column)}) as value from ${quoted(name)}`));
    },
  };
}

const literal = (text: string): string => `'${text.replaceAll("'", "''")}'`;
