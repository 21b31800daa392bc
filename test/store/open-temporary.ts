import { join } from 'node:path';
import type { StoreLocation } from '../../packages/server/src/store/database/store-location.ts';
import { afterEveryTest } from '../support/cleanup.ts';
import { newDataDirectory, removeStore, storeIn } from '../support/test-store.ts';

const opened: (() => Promise<void> | void)[] = [];

/** A place for a new store that goes when the test ends, after all that `closing` was given. */
export function temporaryStore(options: Parameters<typeof storeIn>[1] = {}): Promise<StoreLocation> {
  return storeIn(temporaryDirectory(), options);
}

/** A path for an embedded store, whatever the project: for tests of SQLite itself. It goes when the test ends. */
export const temporaryFile = (): string => join(temporaryDirectory(), 'assay.db');

/** Has something closed when the test ends; gives it back. */
export function closing<T>(resource: T, close: (resource: T) => Promise<void> | void): T {
  opened.push(() => close(resource));
  return resource;
}

function temporaryDirectory(): string {
  return closing(newDataDirectory(), removeStore);
}

afterEveryTest.add(async () => {
  for (const close of opened.splice(0).reverse()) await close();
});
