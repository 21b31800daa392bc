import { expect, test } from 'vitest';
import { openStore, type Store } from '../../../packages/server/src/store/store.ts';
import { nextDue } from '../../support/next-due.ts';
import { closing, temporaryStore } from '../open-temporary.ts';

const opened = async (): Promise<Store> => closing(await openStore(await temporaryStore()), (store) => store.close());

test('due jobs are claimed oldest first, once, and others when they are due', async () => {
  const { jobs } = await opened();
  await jobs.ask(1, 'late', 'collect', 300);
  await jobs.ask(1, 'second', 'collect', 200);
  await jobs.ask(1, 'first', 'collect', 100);
  expect(await jobs.claim('a', 99, 1000, 5)).toEqual([]);
  expect((await jobs.claim('a', 250, 1000, 1)).map(({ subject }) => subject)).toEqual(['first']);
  expect((await jobs.claim('b', 250, 1000, 5)).map(({ subject }) => subject)).toEqual(['second']);
  expect(await jobs.claim('c', 250, 1000, 5)).toEqual([]);
  expect(await nextDue(jobs)).toBe(300);
});

test('whoever lost the lease changes nothing', async () => {
  const { jobs } = await opened();
  await jobs.ask(1, 'run', 'collect', 0);
  const [slow] = await jobs.claim('slow', 0, 10, 1);
  const [quick] = await jobs.claim('quick', 10, 20, 1);
  if (!slow || !quick) throw new Error('both were given it');
  expect(quick.attempts).toBe(2);
  expect(await jobs.renew(slow, 1000)).toBe(false);
  await jobs.complete(slow);
  await jobs.postpone(slow, 5000, 'FAILED');
  expect(await nextDue(jobs)).toBe(20);
  expect(await jobs.renew(quick, 30)).toBe(true);
  await jobs.complete(quick);
  expect(await nextDue(jobs)).toBeUndefined();
});

test('asked for again while it is held, a job is neither lost nor given to another', async () => {
  const { jobs } = await opened();
  await jobs.ask(1, 'run', 'collect', 0);
  const [held] = await jobs.claim('a', 0, 100, 1);
  if (!held) throw new Error('it was given');
  await jobs.ask(1, 'run', 'collect', 50);
  expect(await jobs.claim('b', 60, 100, 1)).toEqual([]);
  await jobs.complete(held);
  expect(await nextDue(jobs)).toBe(50);
  expect(await jobs.claim('b', 60, 100, 1)).toHaveLength(1);
});

test('failures are counted until the work gets on, is asked for again, or waits', async () => {
  const { jobs } = await opened();
  const take = async () => {
    const [job] = await jobs.claim('a', 0, 100, 1);
    if (!job) throw new Error('it was given');
    return job;
  };
  await jobs.ask(1, 'run', 'evaluate', 0);
  await jobs.postpone(await take(), 0, 'FAILED');
  await jobs.postpone(await take(), 0, 'FAILED');
  const third = await take();
  expect(third).toMatchObject({ attempts: 3, failures: 2 });
  await jobs.noteProgress(1, 'run', 'evaluate');
  await jobs.postpone(third, 0, 'FAILED');
  const fourth = await take();
  expect(fourth).toMatchObject({ attempts: 1, failures: 1 });
  await jobs.postpone(fourth, 0, 'WAITING');
  expect(await take()).toMatchObject({ attempts: 1, failures: 0 });
});

test('jobs of a deleted run go with it; those of other accounts with the same run stay', async () => {
  const { jobs } = await opened();
  for (const scope of [1, 2]) await jobs.ask(scope, 'run', 'collect', 0);
  await jobs.delete(1, { run: 'run' });
  expect((await jobs.claim('a', 0, 100, 5)).map(({ scope }) => scope)).toEqual([2]);
});

test('jobs and leases that a clock dated ahead are brought back, and what may wait as long is left', async () => {
  const { jobs } = await opened();
  const bounds = { latest: 1060, slow: ['expire'], latestOfSlow: 5000 };
  for (const [subject, kind, at] of [
    ['soon', 'collect', 1060],
    ['ahead', 'collect', 1061],
    ['upkeep', 'expire', 5000],
    ['upkeep ahead', 'expire', 5001],
  ] as const) {
    await jobs.ask(1, subject, kind, at);
  }
  expect(await jobs.bringBack(1000, bounds)).toBe(2);
  expect(await jobs.bringBack(1000, bounds)).toBe(0);
  const claimed = await jobs.claim('a', 1000, 9000, 5);
  expect(claimed.map(({ subject }) => subject).sort()).toEqual(['ahead', 'upkeep ahead']);
  // Held until 9000 by who thought that it was 8970.
  expect(await jobs.claim('b', 1000, 1030, 5)).toEqual([]);
  expect(await jobs.bringBack(1000, bounds)).toBe(2);
  expect(await jobs.claim('b', 1000, 1030, 5)).toHaveLength(2);
  expect(await jobs.renew(claimed[0] as never, 1030)).toBe(false);
});
