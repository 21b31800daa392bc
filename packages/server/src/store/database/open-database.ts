import type { Db, Dialect } from './dialect.ts';
import type { Presence } from './presence.ts';
import { openSqlite, openSqliteReader, sqliteDialect } from './sqlite.ts';
import { createSqlitePresence } from './sqlite-presence.ts';
import type { StoreLocation } from './store-location.ts';

/** A database with nothing made in it yet. */
export interface OpenDatabase {
  readonly dialect: Dialect;
  readonly write: Db;
  readonly read: Db;
  readonly presence: Presence;
  /** See Store.pending. */
  readonly pending: () => Promise<void> | undefined;
  readonly close: () => Promise<void>;
}

export async function openDatabase(location: StoreLocation): Promise<OpenDatabase> {
  if ('file' in location) {
    const { read, write, pending } = openSqlite(location.file);
    const presence = createSqlitePresence(location.file);
    const close = async (): Promise<void> => {
      await presence.release();
      await read.destroy();
      await write.destroy();
    };
    return { dialect: sqliteDialect, read, write, presence, pending, close };
  }
  // Loaded by those who use it: an embedded store starts sooner without.
  const { openPostgres, postgresDialect } = await import('./postgres.ts');
  const { createPostgresPresence } = await import('./postgres-presence.ts');
  const db = openPostgres(location.url);
  const presence = createPostgresPresence(location.url);
  const close = async (): Promise<void> => {
    await presence.release();
    await db.destroy();
  };
  // What can be read of it is on its disk.
  const pending = (): undefined => undefined;
  return { dialect: postgresDialect, read: db, write: db, presence, pending, close };
}

/** A handle on a store that exists, for one reader. */
export async function openReader(location: StoreLocation): Promise<{ readonly db: Db; readonly dialect: Dialect }> {
  if ('file' in location) return { db: openSqliteReader(location.file), dialect: sqliteDialect };
  const { openPostgres, postgresDialect } = await import('./postgres.ts');
  return { db: openPostgres(location.url, { connections: 1 }), dialect: postgresDialect };
}
