import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { failRun } from '../../../packages/server/src/engine/jobs/give-up.ts';
import type { JobKind, Lane } from '../../../packages/server/src/engine/jobs/job.ts';
import { type JobLoopDeps, runJobLoop } from '../../../packages/server/src/engine/jobs/job-loop.ts';
import { createWakeups } from '../../../packages/server/src/engine/jobs/wakeups.ts';
import { openStore, type Store } from '../../../packages/server/src/store/store.ts';
import { nextDue } from '../../support/next-due.ts';
import { watchWaiting } from '../../support/statements.ts';
import { openTestFleet } from '../../support/test-fleet.ts';
import { newDataDirectory, removeStore, storeIn } from '../../support/test-store.ts';
import { createVirtualClock, type VirtualClock } from '../../support/virtual-clock.ts';

const START = 1_700_000_000_000;
const SCOPE = 1;
const minute = 60_000;
const LANE: Lane = { name: 'test', width: 4 };

let directory: string;
let store: Store;
let clock: VirtualClock;
let stops: AbortController[];
let loops: Promise<void>[];
let reports: string[];

beforeEach(async () => {
  directory = newDataDirectory();
  store = await openStore(await storeIn(directory));
  clock = createVirtualClock(START, watchWaiting());
  stops = [];
  loops = [];
  reports = [];
});
afterEach(async () => {
  for (const stop of stops) stop.abort();
  await clock.settle();
  await Promise.all(loops);
  await store.close();
  vi.restoreAllMocks();
  await removeStore(directory);
});

/** A worker that does the same whatever the work. */
function work(run: JobKind['run'], more: Partial<JobLoopDeps> = {}): AbortController {
  const stop = new AbortController();
  const loop = runJobLoop(
    {
      jobs: store.jobs,
      transaction: store.transaction,
      kinds: ['collect', 'evaluate'].map((kind) => ({ kind, lane: LANE, giveUp: failRun, run })),
      wakeups: createWakeups(),
      now: clock.now,
      sleep: clock.sleep,
      isUnavailable: () => false,
      report: (message) => void reports.push(message),
      owner: `worker ${stops.length}`,
      ...more,
    },
    stop.signal,
  );
  stops.push(stop);
  loops.push(loop);
  return stop;
}

/** A promise and what settles it. */
function gate<T>(): { promise: Promise<T>; open: (value: T) => void } {
  const { promise, resolve } = Promise.withResolvers<T>();
  return { promise, open: resolve };
}

const ask = (run: string, at = clock.now()): Promise<void> => store.jobs.ask(SCOPE, run, 'collect', at);
const left = async (): Promise<boolean> => (await nextDue(store.jobs)) !== undefined;

test('two workers on one store share the work, and nothing is done twice', async () => {
  const runs = Array.from({ length: 40 }, (_, index) => `run ${index}`);
  for (const run of runs) await ask(run);
  const done: string[][] = [[], []];
  for (const mine of done) {
    work(async ({ subject }) => {
      mine.push(subject);
      // While one works the other takes more.
      await clock.sleep(100, new AbortController().signal);
      return { done: true };
    });
  }
  await clock.advance(2 * minute);
  expect(done.flat().sort()).toEqual([...runs].sort());
  for (const mine of done) expect(mine.length).toBeGreaterThanOrEqual(4);
  expect(await left()).toBe(false);
  expect(reports).toEqual([]);
});

test('a lane has as many jobs at work at once as it is wide', async () => {
  for (let run = 0; run < 10; run++) await ask(`run ${run}`);
  let most = 0;
  let now = 0;
  work(async () => {
    most = Math.max(most, ++now);
    await clock.sleep(100, new AbortController().signal);
    now--;
    return { done: true };
  });
  await clock.advance(minute);
  expect(most).toBe(4);
  expect(await left()).toBe(false);
});

test('jobs of a full lane delay none of another, and a kind that no server knows stays where it is', async () => {
  const slow = gate<{ done: true }>();
  const done: string[] = [];
  for (let run = 0; run < 6; run++) await store.jobs.ask(SCOPE, `slow ${run}`, 'slow', clock.now() - minute);
  await store.jobs.ask(SCOPE, 'of a newer server', 'unknown', clock.now() - minute);
  const kind = (name: string, lane: Lane, run: JobKind['run']): JobKind => ({ kind: name, lane, giveUp: failRun, run });
  work(() => slow.promise, {
    kinds: [
      kind('slow', { name: 'long', width: 4 }, () => slow.promise),
      kind('quick', { name: 'short', width: 1 }, async ({ subject }) => {
        done.push(subject);
        return { done: true };
      }),
    ],
  });
  await clock.advance(2000);
  for (const subject of ['a', 'b']) await store.jobs.ask(SCOPE, subject, 'quick', clock.now());
  await clock.advance(2000);
  expect(done).toEqual(['a', 'b']);
  slow.open({ done: true });
  await clock.advance(5000);
  expect([...(await store.jobs.due()).keys()]).toEqual(['unknown']);
});

describe('a lease', () => {
  test('is kept for as long as the work takes', async () => {
    await ask('slow');
    const slow = gate<{ done: true }>();
    let begun = 0;
    for (let worker = 0; worker < 2; worker++) {
      work(() => {
        begun++;
        return slow.promise;
      });
    }
    await clock.advance(30 * minute);
    expect(begun).toBe(1);
    slow.open({ done: true });
    await clock.advance(1000);
    expect(await left()).toBe(false);
  });

  /** As a process that hardly gets to run: no lease of its is renewed. */
  const slowed = (): JobLoopDeps['jobs'] => ({ ...store.jobs, renew: () => Promise.reject(new Error('no')) });

  test('that ended is taken over, and what the slow worker says then changes nothing', async () => {
    await ask('slow');
    const slow = gate<{ done: true }>();
    const stop = work(() => slow.promise, { jobs: slowed() });
    await clock.advance(1000);
    stop.abort();
    const later = clock.now() + 10 * minute;
    let taken = 0;
    work(async () => {
      taken++;
      return { done: false, notBefore: later };
    });
    await clock.advance(25_000);
    expect(taken, 'the lease still runs').toBe(0);
    await clock.advance(10_000);
    expect(taken).toBe(1);
    slow.open({ done: true });
    await clock.advance(1000);
    expect(await nextDue(store.jobs)).toBe(later);
  });

  test('that ended and that the same worker took up again is another one', async () => {
    await ask('slow');
    const slow = gate<{ done: true }>();
    let begun = 0;
    const later = clock.now() + 10 * minute;
    const stop = work(async () => (++begun === 1 ? slow.promise : { done: false, notBefore: later }), {
      jobs: slowed(),
    });
    await clock.advance(40_000);
    expect(begun).toBe(2);
    slow.open({ done: true });
    await clock.advance(1000);
    expect(await nextDue(store.jobs), 'the first’s “done” is not the second’s').toBe(later);
    stop.abort();
  });

  test('of a process that died is free at once for the next sole server', async () => {
    await ask('interrupted');
    expect(await store.jobs.claim('dead', clock.now(), clock.now() + 30_000, 1)).toHaveLength(1);
    const next = await openStore(await storeIn(directory));
    expect(await next.takeOver()).toBe(true);
    expect(await nextDue(next.jobs)).toBe(START);
    await next.jobs.claim('alive', clock.now(), clock.now() + 30_000, 1);
    expect(await store.takeOver(), 'the next one lives').toBe(false);
    expect(await nextDue(store.jobs), 'and keeps its lease').toBe(START + 30_000);
    await next.close();
    expect(await store.takeOver()).toBe(true);
  });
});

test('a job that is asked for again while it runs is run again', async () => {
  await ask('again');
  const first = gate<{ done: true }>();
  let begun = 0;
  work(async () => {
    begun++;
    return begun === 1 ? first.promise : { done: true };
  });
  await clock.advance(100);
  await ask('again');
  await clock.advance(1000);
  expect(begun, 'not while it is at work').toBe(1);
  first.open({ done: true });
  await clock.advance(1000);
  expect(begun).toBe(2);
  expect(await left()).toBe(false);
});

test('one that wants to wait and is asked for meanwhile does not wait', async () => {
  await ask('again');
  const first = gate<{ done: false; notBefore: number }>();
  let begun = 0;
  work(async () => {
    begun++;
    return begun === 1 ? first.promise : { done: true };
  });
  await clock.advance(100);
  await ask('again');
  first.open({ done: false, notBefore: clock.now() + 10 * minute });
  await clock.advance(1000);
  expect(begun).toBe(2);
});

test('work is begun at its time, and at once when it is woken for', async () => {
  const at: number[] = [];
  const wakeups = createWakeups();
  work(
    async () => {
      at.push(clock.now());
      return { done: true };
    },
    { wakeups },
  );
  await ask('later', START + 5250);
  await clock.advance(6000);
  await ask('now');
  wakeups.wake(['jobs']);
  await clock.settle();
  expect(at).toEqual([START + 5250, START + 6000]);
});

describe('failures', () => {
  test('are tried again after longer and longer pauses', async () => {
    await ask('bad');
    const at: number[] = [];
    work(async () => {
      at.push(clock.now() - START);
      if (at.length < 5) throw new Error('not yet');
      return { done: true };
    });
    await clock.advance(minute);
    expect(at).toEqual([0, 1000, 3000, 7000, 15_000]);
    expect(await left()).toBe(false);
    expect(reports).toHaveLength(4);
  });

  test('in a row are what counts: work that gets on is not given up', async () => {
    await ask('flaky');
    let tries = 0;
    work(async () => {
      tries++;
      if (tries === 20) return { done: true };
      if (tries % 5 === 0) return { done: false, notBefore: clock.now() };
      throw new Error('sometimes');
    });
    await clock.advance(10 * minute);
    expect(tries).toBe(20);
    expect(await left()).toBe(false);
  });

  test('of one job hold up no other', async () => {
    await ask('bad');
    await ask('good');
    const done: string[] = [];
    work(async ({ subject }) => {
      if (subject === 'bad') throw new Error('never');
      done.push(subject);
      return { done: true };
    });
    await clock.advance(1);
    expect(done).toEqual(['good']);
  });

  test('to reach the store are reported once a second, not as fast as the machine can', async () => {
    work(async () => ({ done: true }), {
      jobs: { ...store.jobs, due: () => Promise.reject(new Error('disk full')) },
    });
    await clock.advance(10_000);
    expect(reports.length).toBeGreaterThanOrEqual(5);
    expect(reports.length).toBeLessThanOrEqual(12);
  });

  test.each([
    ['collecting', 'FAILED'],
    ['evaluating', 'ERROR'],
  ] as const)('five while %s end the run %s and free its hosts', async (phase, state) => {
    const fleet = await openTestFleet();
    const hosts = await fleet.addHosts(phase === 'collecting' ? 2 : 0);
    const run = await fleet.startRun();
    if (phase === 'evaluating') {
      await fleet.collect(run);
      for (const job of await fleet.store.jobs.claim('collector', fleet.now, fleet.now + 1, 2)) {
        if (job.kind === 'collect') await fleet.store.jobs.complete(job);
        else await fleet.store.jobs.postpone(job, fleet.now, 'WAITING');
      }
    }
    clock.set(fleet.now);
    expect((await fleet.store.runAgents.active(fleet.scope)).length).toBe(hosts.length);
    let tries = 0;
    work(
      async () => {
        tries++;
        throw new Error('always');
      },
      { jobs: fleet.store.jobs, transaction: fleet.store.transaction },
    );
    await clock.advance(minute);
    expect(tries).toBe(5);
    const ended = await fleet.find(run);
    expect(ended.state).toBe(state);
    expect(ended.completedAt).toBe(ended.stateChangedAt);
    expect(await nextDue(fleet.store.jobs)).toBeUndefined();
    expect(await fleet.store.runAgents.active(fleet.scope)).toEqual([]);
    stops.at(-1)?.abort();
    await clock.settle();
    await Promise.all(loops);
    await fleet.close();
  });
});

test('being killed now and then costs no run, but work that always ends the server is not tried for ever', async () => {
  await ask('deadly');
  const die = async (): Promise<void> => {
    await store.jobs.claim('dead', clock.now(), clock.now() + 1, 1);
    await clock.advance(2);
  };
  for (let death = 0; death < 40; death++) await die();
  let tries = 0;
  const stop = work(async () => {
    tries++;
    return { done: false, notBefore: clock.now() };
  });
  await clock.settle();
  expect(tries).toBeGreaterThan(0);
  stop.abort();
  await clock.advance(1000);
  tries = 0;
  for (let death = 0; death < 50; death++) await die();
  work(async () => {
    tries++;
    return { done: true };
  });
  await clock.advance(1000);
  expect(tries).toBe(0);
  expect(await left()).toBe(false);
});

test('a clock that is set back holds up nothing, whether it was asked for before or then', async () => {
  const done: string[] = [];
  work(async ({ subject }) => {
    done.push(subject);
    return { done: true };
  });
  await ask('before', clock.now() + 5000);
  clock.set(START - 60 * minute);
  await ask('after');
  await clock.advance(2000);
  expect(done).toEqual(['after', 'before']);
});

test('stopping waits for what is at work, tells it, and takes up nothing more', async () => {
  await ask('long');
  let told = false;
  const stop = work(async (_, signal) => {
    await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
    told = true;
    return { done: false, notBefore: clock.now() };
  });
  await clock.advance(100);
  stop.abort();
  await clock.settle();
  await Promise.all(loops);
  expect(told).toBe(true);
  const [claimed] = await store.jobs.claim('the next start', clock.now(), clock.now() + 1, 1);
  expect(claimed?.subject).toBe('long');
});

describe('a store that is away', () => {
  class Away extends Error {}
  const isUnavailable = (error: unknown): boolean => error instanceof Away;

  test('costs a job none of its failures, and nobody waits for a lease when it is back', async () => {
    await ask('patient');
    let away = true;
    const failing =
      <A extends unknown[], R>(method: (...args: A) => Promise<R>) =>
      (...args: A): Promise<R> =>
        away ? Promise.reject(new Away('away')) : method(...args);
    let attempts = 0;
    const jobs = { ...store.jobs, postpone: failing(store.jobs.postpone), renew: failing(store.jobs.renew) };
    work(
      async () => {
        attempts++;
        if (away) throw new Away('away');
        return { done: true };
      },
      { jobs, isUnavailable },
    );
    await clock.advance(10_000);
    expect(attempts).toBe(1);
    away = false;
    await clock.advance(2000);
    expect(attempts).toBe(2);
    expect(await left()).toBe(false);
    expect(reports).toEqual([]);
  });

  test('again and again does not give a run up', async () => {
    await ask('patient');
    let attempts = 0;
    work(
      async () => {
        if (++attempts < 100) throw new Away('away');
        return { done: true };
      },
      { isUnavailable },
    );
    await clock.advance(5 * minute);
    expect(attempts).toBe(100);
    expect(await left()).toBe(false);
  });

  test('is said once, and that it is back', async () => {
    let away = true;
    const due: typeof store.jobs.due = () => (away ? Promise.reject(new Away('away')) : store.jobs.due());
    work(async () => ({ done: true }), { jobs: { ...store.jobs, due }, isUnavailable });
    await clock.advance(minute);
    expect(reports).toEqual(['Jobs could not be claimed']);
    away = false;
    await ask('late');
    await clock.advance(2000);
    expect(reports).toEqual(['Jobs could not be claimed', 'The store is there again; jobs go on']);
    expect(await left()).toBe(false);
  });
});

describe('a clock that is set right after it was ahead', () => {
  test.each([
    ['while the server runs', false],
    ['while it is stopped', true],
  ])('%s: jobs that it dated are due', async (_, stopped) => {
    const done: string[] = [];
    const handler: JobKind['run'] = async ({ subject }) => {
      done.push(subject);
      return { done: true };
    };
    let ahead = 60 * minute;
    const now = (): number => clock.now() + ahead;
    const first = work(handler, { now });
    await clock.advance(1000);
    if (stopped) first.abort();
    await store.jobs.ask(SCOPE, 'dated ahead', 'collect', now() + 30_000);
    ahead = 0;
    if (stopped) work(handler, { now });
    await clock.advance(2000);
    expect(done).toEqual(['dated ahead']);
    expect(reports.filter((line) => line.includes('clock'))).toHaveLength(1);
    await store.jobs.ask(SCOPE, 'in time', 'collect', now() + 30_000);
    await clock.advance(29_000);
    expect(done).toHaveLength(1);
    await clock.advance(2000);
    expect(done).toEqual(['dated ahead', 'in time']);
  });
});
