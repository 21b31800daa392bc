import { createHash } from 'node:crypto';
import { DatabaseSync } from 'node:sqlite';
import { sql } from 'kysely';
import type { Client } from 'pg';
import { openSqlite, sqliteDialect } from '../database/sqlite.ts';
import { migrate } from '../migrate.ts';
import { createRowDecoder } from './decode-rows.ts';
import { encodeRows } from './encode-rows.ts';
import { MoveError } from './move-error.ts';
import { catalog } from './postgres-catalog.ts';
import { nextCounted, readRows } from './postgres-rows.ts';
import { connect } from './postgres-session.ts';
import type { SnapshotDeps } from './snapshot-deps.ts';
import { requireSound } from './snapshot-sqlite.ts';
import { reading } from './sqlite-source.ts';
import { quoted, requireSameShape, type TableShape } from './table-shape.ts';

/** See snapshotStore. Every row is read back from the file and compared with what the database sent. */
export async function snapshotPostgres(
  url: string,
  target: string,
  { onProgress, signal }: SnapshotDeps,
): Promise<void> {
  await makeEmpty(target);
  const client = await connect(url);
  const interrupt = (): void => void client.end().catch(() => undefined);
  signal.addEventListener('abort', interrupt);
  const file = new DatabaseSync(target);
  try {
    await client.query('begin isolation level repeatable read, read only');
    const tables = await catalog(client);
    await requireVersion(client, file);
    requireSameShape(reading(file).tables, tables);
    let total = 0;
    for (const { name } of tables) {
      const { rows } = await client.query<{ count: string }>(`select count(*) from ${quoted(name)}`);
      total += Number(rows[0]?.count);
    }
    let done = 0;
    // Nobody sees the file before it is whole.
    file.exec('pragma synchronous = off; begin');
    for (const table of tables) {
      const digest = await copyTable(client, table, file, () => onProgress(++done, total));
      signal.throwIfAborted();
      if (digest === digestOf(file, table)) continue;
      throw new MoveError(`What was copied of ${table.name} is not what the database holds: this is a fault of Assay.`);
    }
    file.exec('commit');
  } finally {
    signal.removeEventListener('abort', interrupt);
    file.close();
    await client.end().catch(() => undefined);
  }
  requireSound(target);
}

/** A store of this version without a row. */
async function makeEmpty(file: string): Promise<void> {
  const { read, write } = openSqlite(file);
  try {
    await migrate(write, sqliteDialect);
    // Kysely closes only what was used.
    await sql`select 1`.execute(read);
  } finally {
    await read.destroy();
    await write.destroy();
  }
}

async function requireVersion(client: Client, file: DatabaseSync): Promise<void> {
  const text = 'select version from schema_version';
  const own = Number(file.prepare(text).get()?.version);
  const { rows } = await client.query<{ version: number }>(text).catch(() => {
    throw new MoveError('The database holds no store of Assay: it has no version. Look at --database-url.');
  });
  const version = rows[0]?.version ?? 0;
  if (version === own) return;
  throw new MoveError(
    version < 0
      ? 'A store is being moved into the database, or that did not finish: it holds nothing whole.'
      : `The store in the database is of version ${version} and this Assay writes version ${own}: make the backup with the Assay that serves it.`,
  );
}

async function copyTable(client: Client, table: TableShape, file: DatabaseSync, onRow: () => void): Promise<string> {
  const { name, columns, counted } = table;
  file.exec(`delete from ${quoted(name)}`);
  const insert = file.prepare(
    `insert into ${quoted(name)} (${columns.map((column) => quoted(column.name)).join(', ')})
      values (${columns.map(() => '?').join(', ')})`,
  );
  const hash = createHash('sha256');
  const decode = createRowDecoder(columns);
  await readRows(client, table, (chunk) => {
    hash.update(chunk);
    for (const row of decode(chunk)) {
      insert.run(...row);
      onRow();
    }
  });
  if (counted !== undefined) {
    const last = (await nextCounted(client, table, counted)) - 1;
    const counters = file.prepare(`select 1 from sqlite_schema where name = 'sqlite_sequence'`).get();
    if (counters && last > 0) {
      file.prepare('delete from sqlite_sequence where name = ?').run(name);
      file.prepare('insert into sqlite_sequence (name, seq) values (?, ?)').run(name, last);
    }
  }
  return hash.digest('hex');
}

function digestOf(file: DatabaseSync, table: TableShape): string {
  const hash = createHash('sha256');
  const rows = reading(file).rows(table);
  const nothing = (): void => undefined;
  for (const piece of encodeRows(rows, table.columns, nothing, nothing)) hash.update(piece);
  return hash.digest('hex');
}
