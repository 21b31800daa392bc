import type { Client } from 'pg';
import { openPostgres, postgresDialect } from '../database/postgres.ts';
import { PRESENCE_KEY } from '../database/postgres-presence.ts';
import { migrate } from '../migrate.ts';
import { copyIn } from './copy-rows.ts';
import { MoveError } from './move-error.ts';
import { catalog } from './postgres-catalog.ts';
import { counterOf, list, nextCounted, readRows } from './postgres-rows.ts';
import { connect, SESSION, type Session, within } from './postgres-session.ts';
import { quoted, type TableShape } from './table-shape.ts';

/** A database that a store is moved into, by one session that nobody else works beside. */
export interface Target {
  readonly tables: readonly TableShape[];
  /** From now on no server opens it. Throws {@link MoveError} where it holds rows. */
  readonly begin: () => Promise<void>;
  /** All that `work` copies is there when it returns, after the indexes of tables were made, and nothing when it throws. */
  readonly copying: (work: (copying: Copying) => Promise<void>, onIndex: (table: string) => void) => Promise<void>;
  /** Gives the rows as COPY writes them, in the order of the primary key, a row a chunk; returns how many there are. */
  readonly read: (table: TableShape, onChunk: (chunk: Uint8Array) => void) => Promise<number>;
  /** The value that a counted column would be given next. */
  readonly nextCounted: (table: TableShape, column: string) => Promise<number>;
  /** What was moved is a store that servers open. */
  readonly finish: () => Promise<void>;
  /** What the session is in the middle of fails. */
  readonly interrupt: () => Promise<void>;
  /** Ends the session, whatever it is in the middle of, and leaves an empty store. */
  readonly undo: () => Promise<void>;
  readonly close: () => Promise<void>;
}

export interface Copying {
  /** Takes rows as COPY reads them; returns how many there were. */
  readonly copy: (table: TableShape, chunks: AsyncIterable<Uint8Array>) => Promise<number>;
  /** The next value of a counted column is past this one. */
  readonly countFrom: (table: TableShape, column: string, last: number) => Promise<void>;
}

/** Brings the database to this version, and holds it. Throws {@link MoveError} where it cannot be moved into. */
export async function openTarget(url: string): Promise<Target> {
  const client = await connect(url);
  try {
    await requireEncoding(client);
    const { rows } = await client.query<{ alone: boolean }>(`select pg_try_advisory_lock(${PRESENCE_KEY}) as alone`);
    if (rows[0]?.alone !== true) {
      throw new MoveError('A server works on the database, or another move into it. Stop it first.');
    }
    await prepare(client, url);
    const tables = await catalog(client);
    const { rows: sessions } = await client.query<Session>(SESSION);
    return { ...working(client, tables), ...undoing(url, tables, sessions[0]), tables, close: () => client.end() };
  } catch (error) {
    await client.end();
    throw error;
  }
}

async function requireEncoding(client: Client): Promise<void> {
  const { rows } = await client.query<{ server_encoding: string }>('show server_encoding');
  const encoding = rows[0]?.server_encoding;
  if (encoding === 'UTF8') return;
  throw new MoveError(`The database keeps its texts in ${encoding}. Make one in UTF8: createdb --encoding=UTF8.`);
}

/** Makes the tables, where the database holds nothing or what is left of a move that did not finish. */
async function prepare(client: Client, url: string): Promise<void> {
  const { rows } = await client.query<{ name: string }>(
    `select relname as name from pg_class where relnamespace = current_schema()::regnamespace and relkind in ('r', 'p')`,
  );
  const names = rows.map(({ name }) => name);
  if (names.includes('schema_version')) await forgetUnfinished(client);
  else if (names.length > 0) {
    throw new MoveError(`The database holds tables of something else, such as ${names[0]}. Give one of its own.`);
  }
  const db = openPostgres(url, { connections: 1 });
  try {
    await migrate(db, postgresDialect);
  } finally {
    await db.destroy();
  }
}

/** A version below zero is that of an unfinished move: see migrate.ts. What it left is no loss, its source is whole. */
async function forgetUnfinished(client: Client): Promise<void> {
  const { rows } = await client.query<{ version: number }>('select version from schema_version');
  const version = rows[0]?.version ?? 0;
  if (version >= 0) return;
  const tables = await catalog(client);
  await within(client, async () => {
    await empty(client, tables);
    await client.query('update schema_version set version = -version');
  });
}

type Working = Omit<Target, 'tables' | 'interrupt' | 'undo' | 'close'>;

function working(client: Client, tables: readonly TableShape[]): Working {
  return {
    begin: () =>
      within(client, async () => {
        await requireEmpty(client, tables);
        await client.query('update schema_version set version = -version where version > 0');
      }),
    copying: async (work, onIndex) => {
      await within(client, async () => {
        await requireEmpty(client, tables);
        // Rows of a table that was emptied in the same transaction are written once, as those of long ago.
        await empty(client, tables);
        const remake = await dropIndexes(client, tables);
        await work({
          copy: ({ name, columns }, chunks) =>
            copyIn(client, `copy ${quoted(name)} (${list(columns)}) from stdin (format binary, freeze)`, chunks),
          countFrom: async ({ name }, column, last) => {
            if (last > 0) await client.query('select setval($1, $2)', [await counterOf(client, name, column), last]);
          },
        });
        await remake(onIndex);
      });
      // Plans are made by it, and servers should not wait for the database to come round to it.
      await client.query(`analyze ${namesOf(tables)}`);
    },
    read: (table, onChunk) => readRows(client, table, onChunk),
    nextCounted: (table, column) => nextCounted(client, table, column),
    finish: async () => {
      await client.query('update schema_version set version = -version where version < 0');
    },
  };
}

/** By a session of its own: the one that works may be in the middle of something, or gone. */
function undoing(
  url: string,
  tables: readonly TableShape[],
  session: Session | undefined,
): Pick<Target, 'interrupt' | 'undo'> {
  const aside = async (work: (other: Client) => Promise<void>): Promise<void> => {
    const other = await connect(url);
    try {
      const ending =
        'select pg_terminate_backend(pid) from pg_stat_activity where pid = $1 and backend_start::text = $2';
      await other.query(ending, [session?.pid, session?.since]);
      await work(other);
    } finally {
      await other.end();
    }
  };
  return {
    interrupt: () => aside(async () => undefined),
    undo: () =>
      aside(async (other) => {
        // The database lets go of what the ended session held.
        await other.query(`select pg_advisory_lock(${PRESENCE_KEY})`);
        await within(other, async () => {
          await empty(other, tables);
          await other.query('update schema_version set version = -version where version < 0');
        });
      }),
  };
}

async function requireEmpty(client: Client, tables: readonly TableShape[]): Promise<void> {
  await client.query(`lock table ${namesOf(tables)} in share row exclusive mode`);
  for (const { name } of tables) {
    const { rowCount } = await client.query(`select 1 from ${quoted(name)} limit 1`);
    if (rowCount === 0) continue;
    throw new MoveError(
      `The database is not empty: the table ${name} has rows. Make another one with createdb, and give that.`,
    );
  }
}

const empty = (client: Client, tables: readonly TableShape[]) =>
  client.query(`truncate ${namesOf(tables)} restart identity`);

type Remake = (onIndex: (table: string) => void) => Promise<void>;

/**
 * Drops what is only there to find rows by, and gives what makes it again as it was: sorting all rows of a table once
 * costs a third of putting them into its indexes one by one.
 */
async function dropIndexes(client: Client, tables: readonly TableShape[]): Promise<Remake> {
  const { rows } = await client.query<{ name: string; table: string; definition: string }>(
    `select c.oid::regclass::text as name, i.indrelid::regclass::text as table, pg_get_indexdef(c.oid) as definition
    from pg_index i join pg_class c on c.oid = i.indexrelid
    where i.indrelid = any($1::regclass[]) and not exists (select 1 from pg_constraint where conindid = c.oid)
    order by i.indrelid::regclass::text, c.relname`,
    [tables.map(({ name }) => quoted(name))],
  );
  for (const { name } of rows) await client.query(`drop index ${name}`);
  return async (onIndex) => {
    for (const { table, definition } of rows) {
      onIndex(table);
      await client.query(definition);
    }
  };
}

const namesOf = (tables: readonly TableShape[]): string => tables.map(({ name }) => quoted(name)).join(', ');
