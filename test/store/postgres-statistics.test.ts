import { expect, test } from 'vitest';
import type { StoreLocation } from '../../packages/server/src/store/database/store-location.ts';
import { openStore, type Store } from '../../packages/server/src/store/store.ts';
import { askStore } from '../support/ask-store.ts';
import { historicRun, newId, someFinding } from '../support/scenario.ts';
import { temporaryStore } from './open-temporary.ts';

/** What a process does with the store. When it ends, what the database counted of it is told. */
async function inProcess<T>(location: StoreLocation, work: (store: Store) => Promise<T>): Promise<T> {
  const store = await openStore(location);
  try {
    return await work(store);
  } finally {
    await store.close();
  }
}

async function numberOf(location: StoreLocation, query: string): Promise<number> {
  const [rows] = await askStore(location, query);
  return Number(rows?.[0]?.n);
}

const scopeOf = (store: Store) => store.scopes.idOf({ account: '123456789012', region: 'us-east-1' });

async function addRun(store: Store, findings: number): Promise<string> {
  const scope = await scopeOf(store);
  const [target, template] = [newId(), newId()];
  const rulesPackages = await store.rulesPackageSets.idOf([]);
  const run = historicRun({ target, template, rulesPackages });
  await store.runs.insertMany(scope, [run]);
  const made = Array.from({ length: findings }, () => someFinding({ target, template, run: run.id }));
  await store.findings.insertMany(scope, made);
  return run.id;
}

test('findings that nobody has counted yet are looked up one by one, not all of their run for each', async () => {
  const location = await temporaryStore();
  await inProcess(location, (store) => addRun(store, 300));
  const run = await inProcess(location, (store) => addRun(store, 300));
  const read = () =>
    numberOf(location, `select sum(idx_tup_read) as n from pg_stat_user_indexes where relname = 'findings'`);
  const before = await read();
  const listed = await inProcess(location, async (store) =>
    store.findings.list(await scopeOf(store), { runs: [run], severities: ['Medium'] }, undefined, 100),
  );
  expect(listed).toHaveLength(100);
  // Once for each of the 600 that changed, and again for those that are listed: not 600 times 300.
  const rows = (await read()) - before;
  expect(rows).toBeGreaterThanOrEqual(600);
  expect(rows).toBeLessThan(3000);
});

test('tables that have doubled are counted again, and no others', async () => {
  const location = await temporaryStore();
  const counted = () =>
    numberOf(location, `select analyze_count as n from pg_stat_user_tables where relname = 'findings'`);
  const count = () => inProcess(location, (store) => store.analyze('DOUBLED'));
  const add = (findings: number) => inProcess(location, (store) => addRun(store, findings));
  const begin = await counted();
  await add(40);
  await count();
  // Too few to matter.
  expect(await counted()).toBe(begin);
  await add(20);
  await count();
  expect(await counted()).toBe(begin + 1);
  await add(50);
  await count();
  expect(await counted()).toBe(begin + 1);
  await add(50);
  await count();
  expect(await counted()).toBe(begin + 2);
  await count();
  expect(await counted()).toBe(begin + 2);
  // The rows that it was counted by are now what is planned with.
  expect(await numberOf(location, `select reltuples as n from pg_class where relname = 'findings'`)).toBe(160);
});
