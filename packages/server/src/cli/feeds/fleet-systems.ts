import { openStoreOf } from '../../runtime/open-store.ts';
import { dataDirectoryOf, hasStore, type StoreOptions } from '../options/store-options.ts';

/** What the hosts of a store run, as their agents report it; none where there is no store yet. */
export async function fleetSystems(options: StoreOptions): Promise<readonly string[]> {
  if (!hasStore(options)) return [];
  const store = await openStoreOf(dataDirectoryOf(options));
  try {
    return await store.agents.operatingSystems();
  } finally {
    await store.close();
  }
}
