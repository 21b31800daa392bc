import { yieldToEventLoop } from '../../domain/yield-to-event-loop.ts';
import type { Tables, Transaction } from '../../store/store.ts';
import type { LeasedJob } from '../../store/tables/jobs.ts';
import type { JobKind, Lane } from './job.ts';
import type { Wakeups } from './wakeups.ts';

/** A worker that says nothing for this long has died, and another takes its job: milliseconds. */
const LEASE = 30_000;
/** The longest that the loop goes without looking: another server may have asked for work. Milliseconds. */
const POLL = 1000;
/** No job waits for longer than this, except upkeep, and no lease lasts longer: milliseconds. */
const LONGEST_WAIT = 2 * LEASE;
const LONGEST_WAIT_OF_UPKEEP = 3_600_000 + LONGEST_WAIT;
/** How often is looked for jobs that lie further ahead, beside whenever the clock went back: milliseconds. */
const LOOK_AHEAD = 60_000;
/** After this many failures in a row a job is given up. */
const MAX_FAILURES = 5;
/**
 * A job is also given up after this many attempts in a row, even if few of them failed: the others ended with their
 * process. A server that is killed now and then must not cost a run; work that itself ends the server must not be tried
 * forever.
 */
const MAX_ATTEMPTS = 50;

/** What woken waiters of the loop listen to. */
export const JOBS = 'jobs';

export interface JobLoopDeps {
  readonly jobs: Tables['jobs'];
  readonly transaction: Transaction;
  readonly kinds: readonly JobKind[];
  readonly wakeups: Wakeups;
  readonly now: () => number;
  /** Resolves after so many milliseconds, or as soon as the signal aborts. */
  readonly sleep: (milliseconds: number, signal: AbortSignal) => Promise<void>;
  /** Whether an error says that the store could not be had: nothing is wrong with the work then. */
  readonly isUnavailable: (error: unknown) => boolean;
  readonly report: (message: string, error?: unknown) => void;
  /** Names this process among those that share the store. */
  readonly owner: string;
}

/** Works through jobs until `stop`; resolves when the last one at work has been given back. */
export async function runJobLoop(deps: JobLoopDeps, stop: AbortSignal): Promise<void> {
  const kinds = new Map(deps.kinds.map((kind) => [kind.kind, kind]));
  const working = new Map<Lane, Set<Promise<void>>>(deps.kinds.map(({ lane }) => [lane, new Set()]));
  let away = false;
  let looked: number | undefined;
  for (let round = 0; !stop.aborted; round++) {
    const open = [...working].filter(([lane, jobs]) => jobs.size < lane.width).map(([lane]) => lane);
    const claimed: LeasedJob[] = [];
    let pause = POLL;
    try {
      // With every lane full only a job that ends makes room.
      if (open.length > 0) {
        const time = deps.now();
        if (looked === undefined || time < looked || time >= looked + LOOK_AHEAD) {
          await bringBack(deps, time);
          looked = time;
        }
        const due = await deps.jobs.due();
        for (const lane of open) {
          const names = deps.kinds.filter((kind) => kind.lane === lane).map(({ kind }) => kind);
          const next = Math.min(...names.map((name) => due.get(name) ?? Number.POSITIVE_INFINITY));
          const now = deps.now();
          if (next > now) pause = Math.max(1, Math.min(pause, next - now));
          else {
            const free = lane.width - (working.get(lane)?.size ?? 0);
            claimed.push(...(await deps.jobs.claim(`${deps.owner}/${round}`, now, now + LEASE, free, names)));
          }
        }
        if (away) deps.report('The store is there again; jobs go on');
        away = false;
      }
    } catch (error) {
      // Once, not on every look: a database may be away for long.
      if (!away) deps.report('Jobs could not be claimed', error);
      away = deps.isUnavailable(error);
    }
    for (const job of claimed) {
      const kind = kinds.get(job.kind);
      const jobs = kind && working.get(kind.lane);
      if (!jobs) continue;
      const work: Promise<void> = perform(deps, kind, job, stop).finally(() => jobs.delete(work));
      jobs.add(work);
    }
    // Jobs that are due again at once must not keep the thread from everything else.
    if (claimed.length > 0) await yieldToEventLoop();
    else
      await idle(
        deps,
        pause,
        [...working.values()].flatMap((jobs) => [...jobs]),
        stop,
      );
  }
  await Promise.all([...working.values()].flatMap((jobs) => [...jobs]));
}

/** A clock that was ahead dated jobs, and has been set right: they would lie for as long as it was ahead. */
async function bringBack({ jobs, kinds, report }: JobLoopDeps, now: number): Promise<void> {
  const brought = await jobs.bringBack(now, {
    latest: now + LONGEST_WAIT,
    slow: kinds.filter(({ upkeep }) => upkeep).map(({ kind }) => kind),
    latestOfSlow: now + LONGEST_WAIT_OF_UPKEEP,
  });
  if (brought > 0) report(`The clock was set back: ${brought} jobs that waited for a later time are due now`);
}

/** Waits until a job ends, one is asked for, or the pause is over. */
async function idle(
  deps: JobLoopDeps,
  pause: number,
  working: readonly Promise<void>[],
  stop: AbortSignal,
): Promise<void> {
  const over = new AbortController();
  const signal = AbortSignal.any([stop, over.signal]);
  await Promise.race([deps.sleep(pause, signal), deps.wakeups.wait(JOBS, signal), ...working]);
  over.abort();
}

async function perform(deps: JobLoopDeps, kind: JobKind, job: LeasedJob, stop: AbortSignal): Promise<void> {
  const over = new AbortController();
  const renewing = keepLease(deps, job, over.signal);
  try {
    if (job.failures >= MAX_FAILURES || job.attempts > MAX_ATTEMPTS) {
      await giveUp(deps, kind, job);
      return;
    }
    const outcome = await kind.run(job, stop);
    if (outcome.done) await deps.jobs.complete(job);
    else await deps.jobs.postpone(job, outcome.notBefore, 'WAITING');
  } catch (error) {
    if (deps.isUnavailable(error)) await giveBack(deps, job, deps.now() + POLL, 'UNTRIED', stop);
    else {
      const failure = job.failures + 1;
      deps.report(`The job ${nameOf(job)} failed (${failure} of ${MAX_FAILURES})`, error);
      // After the last there is nothing to wait for.
      const pause = failure < MAX_FAILURES ? 1000 * 2 ** job.failures : 0;
      await giveBack(deps, job, deps.now() + pause, 'FAILED', stop);
    }
  } finally {
    over.abort();
    await renewing;
  }
}

/** Tries until the store takes it, for as long as the lease may last: else the job would lie until that has ended. */
async function giveBack(
  deps: JobLoopDeps,
  job: LeasedJob,
  notBefore: number,
  how: 'FAILED' | 'UNTRIED',
  stop: AbortSignal,
): Promise<void> {
  for (const until = deps.now() + LEASE; ; await deps.sleep(POLL, stop)) {
    try {
      await deps.jobs.postpone(job, notBefore, how);
      return;
    } catch (error) {
      if (deps.isUnavailable(error) && !stop.aborted && deps.now() < until) continue;
      deps.report(`The job ${nameOf(job)} could not be given back; its lease will end`, error);
      return;
    }
  }
}

async function keepLease(deps: JobLoopDeps, job: LeasedJob, over: AbortSignal): Promise<void> {
  while (!over.aborted) {
    await deps.sleep(LEASE / 3, over);
    if (over.aborted) return;
    try {
      if (!(await deps.jobs.renew(job, deps.now() + LEASE))) return;
    } catch (error) {
      if (deps.isUnavailable(error)) continue;
      deps.report(`The lease on ${nameOf(job)} could not be renewed`, error);
    }
  }
}

/** For messages: `evaluate of 0-4Kq2vXyZ`, or `expire` for upkeep. */
const nameOf = ({ kind, subject }: LeasedJob): string => (subject === '' ? kind : `${kind} of ${subject}`);

async function giveUp(deps: JobLoopDeps, kind: JobKind, job: LeasedJob): Promise<void> {
  await deps.transaction(async (tables) => {
    const now = deps.now();
    if (!(await tables.jobs.renew(job, now + LEASE))) return;
    const outcome = await kind.giveUp(tables, job, now);
    if (outcome.done) await tables.jobs.complete(job);
    else await tables.jobs.postpone(job, outcome.notBefore, 'WAITING');
  });
}
