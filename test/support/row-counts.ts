import { askStore, tablesOf } from './ask-store.ts';
import type { TestServer } from './test-server.ts';
import { storeIn } from './test-store.ts';

/**
 * How many rows each table has, as another process reads them; but for those that only make lists fast, whose rows come
 * and go by themselves: see check-segments.ts.
 */
export async function rowCounts({ directory }: Pick<TestServer, 'directory'>): Promise<Record<string, number>> {
  const store = await storeIn(directory);
  const names = (await tablesOf(store)).map(({ name }) => name).filter((name) => !name.startsWith('list_'));
  const counts = await askStore(store, ...names.map((name) => `select count(*) as n from "${name}"`));
  return Object.fromEntries(names.map((name, at) => [name, Number(counts[at]?.[0]?.n)]));
}
