import type { StoreLocation } from '../database/store-location.ts';
import type { SnapshotDeps } from './snapshot-deps.ts';
import { snapshotSqlite } from './snapshot-sqlite.ts';

/**
 * Copies a store, as it is at one moment, into a new file of SQLite, whatever is written to it meanwhile. Nothing but the
 * file is changed. Throws {@link MoveError} where the store cannot be copied, and for what it holds that proves damaged.
 */
export async function snapshotStore(location: StoreLocation, target: string, deps: SnapshotDeps): Promise<void> {
  if ('file' in location) return snapshotSqlite(location.file, target, deps);
  // Loaded by those who use it, as the driver is.
  const { snapshotPostgres } = await import('./snapshot-postgres.ts');
  return snapshotPostgres(location.url, target, deps);
}
