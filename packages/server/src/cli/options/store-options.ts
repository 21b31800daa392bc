import { existsSync } from 'node:fs';
import type { Command } from 'commander';
import { type DataDirectory, dataDirectoryPath, openDataDirectory, storeFileOf } from '../../runtime/data-directory.ts';
import { databaseUrlOf } from '../../runtime/database-url.ts';
import { openStoreOf } from '../../runtime/open-store.ts';
import type { Store } from '../../store/store.ts';

/** Options of a command that works on a server's store, whether or not its server runs. */
export interface StoreOptions {
  readonly dataDir?: string;
  readonly databaseUrl?: string;
}

export const withStoreOptions = (command: Command): Command =>
  command
    .option('--data-dir <dir>', "the server's: store, keys, advisories (default: $ASSAY_DATA_DIR or .assay)")
    .option(
      '--database-url <url>',
      'a PostgreSQL database that holds the store instead (default: $ASSAY_DATABASE_URL)',
    );

/** Makes the data directory where there is none. Throws {@link CliError}. */
export const dataDirectoryOf = ({ dataDir, databaseUrl }: StoreOptions): DataDirectory =>
  openDataDirectory(dataDirectoryPath(dataDir), databaseUrlOf(databaseUrl));

/** False where there is only a directory in which one would be made. */
export const hasStore = ({ dataDir, databaseUrl }: StoreOptions): boolean =>
  databaseUrlOf(databaseUrl) !== undefined || existsSync(storeFileOf(dataDirectoryPath(dataDir)));

/** Opens the store for `work`, and closes it. Throws {@link CliError}. */
export async function withStoreOf<T>(
  options: StoreOptions,
  work: (store: Store, directory: DataDirectory) => Promise<T>,
): Promise<T> {
  const directory = dataDirectoryOf(options);
  const store = await openStoreOf(directory);
  try {
    return await work(store, directory);
  } finally {
    await store.close();
  }
}
