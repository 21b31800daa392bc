import { afterEach, beforeEach, expect, test } from 'vitest';
import { advanceRun } from '../../../packages/server/src/engine/runs/advance-run.ts';
import { insecure } from '../../rules/security-best-practices/hosts.ts';
import { nextDue } from '../../support/next-due.ts';
import { openTestFleet, type TestFleet } from '../../support/test-fleet.ts';

let fleet: TestFleet;
beforeEach(async () => {
  fleet = await openTestFleet();
});
afterEach(() => fleet.close());

const minutes = (count: number): number => count * 60_000;
const heard = (id: string): Promise<void> => fleet.store.agents.touch(fleet.scope, id, 'IDLE', fleet.now);

test('hosts are instructed and woken, and collection goes on until every one has delivered', async () => {
  const hosts = await fleet.addHosts(2);
  const run = await fleet.startRun();
  expect(await fleet.collect(run)).toMatchObject({ done: false });
  expect((await fleet.find(run)).state).toBe('COLLECTING_DATA');
  expect([...fleet.woken].sort()).toEqual(hosts.map(({ id }) => id));

  for (const [index, host] of hosts.entries()) {
    expect((await fleet.find(run)).state).toBe('COLLECTING_DATA');
    await fleet.deliver(run, host, insecure);
    expect((await fleet.collect(run)).done).toBe(index === 1);
  }
  expect(await fleet.find(run)).toMatchObject({ state: 'START_EVALUATING_RULES_PENDING', dataCollected: true });
});

test('the end of the duration ends collection, not before', async () => {
  const hosts = await fleet.addHosts(1);
  const run = await fleet.startRun({ duration: 180 });
  await fleet.collect(run);
  const started = fleet.now;
  fleet.now = started + 179_999;
  for (const { id } of hosts) await heard(id);
  expect(await fleet.collect(run)).toEqual({ done: false, notBefore: started + 180_000 });
  fleet.now = started + 180_000;
  expect(await fleet.collect(run)).toEqual({ done: true });
  expect((await fleet.find(run)).state).toBe('START_EVALUATING_RULES_PENDING');
});

test('hosts that went silent are not waited for', async () => {
  const [silent, alive] = await fleet.addHosts(2);
  if (!silent || !alive) throw new Error('two hosts');
  const run = await fleet.startRun();
  await fleet.collect(run);
  fleet.now += minutes(3);
  expect((await fleet.collect(run)).done, 'three minutes are still in time').toBe(false);
  fleet.now += 1;
  await heard(alive.id);
  expect((await fleet.collect(run)).done, 'one lives').toBe(false);
  await fleet.deliver(run, alive, insecure);
  expect((await fleet.collect(run)).done, 'the silent one is all that is left').toBe(true);
});

test('a run over no host goes straight through', async () => {
  const run = await fleet.startRun();
  expect(await fleet.collect(run)).toEqual({ done: true });
  expect((await fleet.find(run)).state).toBe('START_EVALUATING_RULES_PENDING');
});

test('a run that was cancelled, or deleted, has nothing to collect', async () => {
  await fleet.addHosts(1);
  const run = await fleet.startRun();
  await fleet.collect(run);
  await fleet.store.transaction(async (tables) => {
    const [current] = await tables.runs.findMany(fleet.scope, [run]);
    if (current) await advanceRun(tables, fleet.scope, current, 'CANCEL', fleet.now);
  });
  expect(await fleet.collect(run)).toEqual({ done: true });
  expect((await fleet.find(run)).state).toBe('CANCELED');
  expect(await fleet.store.runAgents.active(fleet.scope)).toEqual([]);
  expect(await fleet.collect('0-nothing0')).toEqual({ done: true });
});

test('a clock that is set back neither turns a run’s history around nor holds it up', async () => {
  const hosts = await fleet.addHosts(1);
  const run = await fleet.startRun();
  await fleet.collect(run);
  fleet.now -= minutes(60);
  for (const host of hosts) await fleet.deliver(run, host, insecure);
  expect(await fleet.collect(run)).toEqual({ done: true });
  const { stateChanges } = await fleet.find(run);
  expect(stateChanges.map(({ at }) => at)).toEqual(stateChanges.map(({ at }) => at).sort((a, b) => a - b));
  // Not when the run's own clock says, but now: else the work would wait for the hour to pass again.
  expect(await nextDue(fleet.store.jobs)).toBeLessThanOrEqual(fleet.now);
});

test('of two workers on one run each step is made once', async () => {
  await fleet.addHosts(1);
  const run = await fleet.startRun();
  await Promise.all([fleet.collect(run), fleet.collect(run), fleet.collect(run)]);
  expect((await fleet.find(run)).stateChanges.map(({ state }) => state)).toEqual([
    'CREATED',
    'START_DATA_COLLECTION_PENDING',
    'START_DATA_COLLECTION_IN_PROGRESS',
    'COLLECTING_DATA',
  ]);
});

/** Sets the server's clock forward: of the time since a moment, this much did not pass. */
const setForward = (by: number): void => {
  const before = fleet.now;
  fleet.now += by;
  fleet.ago = (milliseconds) => {
    const then = fleet.now - milliseconds;
    return then >= before + by ? then : then - by;
  };
};

test('a clock that is set forward ends neither the duration nor the patience with hosts', async () => {
  const [host] = await fleet.addHosts(1);
  if (!host) throw new Error('one host');
  const run = await fleet.startRun({ duration: 600 });
  await fleet.collect(run);
  fleet.now += minutes(1);
  setForward(minutes(60));
  const { done, ...next } = await fleet.collect(run);
  expect(done).toBe(false);
  expect(next).toEqual({ notBefore: fleet.now + 30_000 });
  fleet.now += minutes(2);
  expect((await fleet.collect(run)).done, 'three minutes of silence are still in time').toBe(false);
  fleet.now += minutes(6);
  await heard(host.id);
  expect((await fleet.collect(run)).done, 'nine minutes of ten').toBe(false);
  fleet.now += minutes(1);
  expect((await fleet.collect(run)).done).toBe(true);
});

test('a host that comes and goes is waited for until its next visit is overdue', async () => {
  const [visitor] = await fleet.addHosts(1);
  if (!visitor) throw new Error('one host');
  await fleet.store.agents.change(fleet.scope, visitor.id, { visitEvery: minutes(15) });
  const run = await fleet.startRun();
  await fleet.collect(run);
  fleet.now += minutes(18);
  expect((await fleet.collect(run)).done).toBe(false);
  fleet.now += 1;
  expect((await fleet.collect(run)).done).toBe(true);
});
