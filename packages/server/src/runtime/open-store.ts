import { NewerStoreError, UnfinishedMoveError } from '../store/migrate.ts';
import { openStore, type Store } from '../store/store.ts';
import { CliError } from './cli-error.ts';
import type { DataDirectory } from './data-directory.ts';
import { explainDatabaseError } from './database-url.ts';
import { listCacheBytes } from './list-cache-bytes.ts';

/** Opens the store, creating or migrating it where needed. Throws {@link CliError}. */
export async function openStoreOf({ store: location }: Pick<DataDirectory, 'store'>): Promise<Store> {
  try {
    return await openStore(location, { listCache: listCacheBytes() });
  } catch (error) {
    if (error instanceof NewerStoreError || error instanceof UnfinishedMoveError) throw new CliError(error.message);
    throw 'url' in location ? explainDatabaseError(error, location.url) : error;
  }
}
