import { Client } from 'pg';
import { expect, test } from 'vitest';
import { openStore } from '../../packages/server/src/store/store.ts';
import { closing, temporaryStore } from './open-temporary.ts';

test('several servers start at once on a database with nothing in it', async () => {
  const location = await temporaryStore({ bare: true });
  const opened = await Promise.allSettled(Array.from({ length: 4 }, () => openStore(location)));
  for (const each of opened) if (each.status === 'fulfilled') closing(each.value, (store) => store.close());
  expect(opened.flatMap((each) => (each.status === 'rejected' ? [String(each.reason)] : []))).toEqual([]);
});

test('a server that a database forgot when it started again is counted as there soon after', async () => {
  const location = await temporaryStore();
  const [first, second] = [
    closing(await openStore(location), (store) => store.close()),
    closing(await openStore(location), (store) => store.close()),
  ];
  expect(await first.takeOver()).toBe(true);
  const client = new Client({ connectionString: 'url' in location ? location.url : '' });
  await client.connect();
  await client.query(
    'select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()',
  );
  await client.end();
  // The end of a connection is heard of a little later, and then one is made anew.
  let alone = true;
  while (alone) {
    await first.stay();
    alone = await second.takeOver().catch(() => true);
  }
  expect(await first.takeOver()).toBe(false);
});
