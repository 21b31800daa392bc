import type { Tables, Transaction } from '../../store/store.ts';
import type { JobKind, LeasedJob } from '../../store/tables/jobs.ts';
import { advanceRun } from '../runs/advance-run.ts';
import type { JobOutcome, JobTarget } from './job.ts';
import type { Wakeups } from './wakeups.ts';

/** A worker that says nothing for this long has died, and another takes its job: milliseconds. */
const LEASE = 30_000;
/** The longest that the loop goes without looking: another server may have asked for work. Milliseconds. */
const POLL = 1000;
/** Jobs at work at once in one server. */
const PARALLEL = 4;
/** After so many failures in a row a run is given up: FAILED while collecting, ERROR while evaluating. */
const MAX_FAILURES = 5;
/**
 * So too after so many attempts in a row, though hardly any failed: the others ended with their process. A server that is
 * killed now and then must not cost a run, but work that itself ends the server must not be tried for ever.
 */
const MAX_ATTEMPTS = 50;

/** What woken waiters of the loop listen to. */
export const JOBS = 'jobs';

export interface JobLoopDeps {
  readonly jobs: Tables['jobs'];
  readonly transaction: Transaction;
  /** `stop` aborts when the loop shall end: work that is long and can be left is given back then. */
  readonly handlers: Readonly<Record<JobKind, (target: JobTarget, stop: AbortSignal) => Promise<JobOutcome>>>;
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
  const working = new Set<Promise<void>>();
  let away = false;
  for (let round = 0; !stop.aborted; round++) {
    const now = deps.now();
    const free = PARALLEL - working.size;
    let claimed: LeasedJob[] = [];
    let pause = POLL;
    try {
      // Full hands: only a job that ends makes room.
      if (free > 0) claimed = await deps.jobs.claim(`${deps.owner}/${round}`, now, now + LEASE, free);
      if (free > 0 && claimed.length === 0) pause = untilDue(await deps.jobs.nextDue(), deps.now());
      if (free > 0 && away) deps.report('The store is there again; jobs go on');
      if (free > 0) away = false;
    } catch (error) {
      // Once, not on every look: a database may be away for long.
      if (!away) deps.report('Jobs could not be claimed', error);
      away = deps.isUnavailable(error);
    }
    for (const job of claimed) {
      const work: Promise<void> = perform(deps, job, stop).finally(() => working.delete(work));
      working.add(work);
    }
    if (claimed.length === 0) await idle(deps, pause, working, stop);
  }
  await Promise.all(working);
}

const untilDue = (due: number | undefined, now: number): number =>
  Math.max(1, Math.min(POLL, (due ?? Number.POSITIVE_INFINITY) - now));

/** Waits until a job ends, one is asked for, or the pause is over. */
async function idle(
  deps: JobLoopDeps,
  pause: number,
  working: ReadonlySet<Promise<void>>,
  stop: AbortSignal,
): Promise<void> {
  const over = new AbortController();
  const signal = AbortSignal.any([stop, over.signal]);
  await Promise.race([deps.sleep(pause, signal), deps.wakeups.wait(JOBS, signal), ...working]);
  over.abort();
}

async function perform(deps: JobLoopDeps, job: LeasedJob, stop: AbortSignal): Promise<void> {
  const over = new AbortController();
  const renewing = keepLease(deps, job, over.signal);
  try {
    if (job.failures >= MAX_FAILURES || job.attempts > MAX_ATTEMPTS) {
      await giveUp(deps, job);
      return;
    }
    const outcome = await deps.handlers[job.kind](job, stop);
    if (outcome.done) await deps.jobs.complete(job);
    else await deps.jobs.postpone(job, outcome.notBefore, 'WAITING');
  } catch (error) {
    if (deps.isUnavailable(error)) await giveBack(deps, job, deps.now(), 'UNTRIED', stop);
    else {
      const failure = job.failures + 1;
      deps.report(`The job ${job.kind} of run ${job.run} failed (${failure} of ${MAX_FAILURES})`, error);
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
      deps.report(`The job ${job.kind} of run ${job.run} could not be given back; its lease will end`, error);
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
      deps.report(`The lease on ${job.kind} of run ${job.run} could not be renewed`, error);
    }
  }
}

/** How long upkeep that failed again and again is left alone, in milliseconds. */
const REST = 3_600_000;

/** Work that is about no run and that every server asks for when it starts. */
const isUpkeep = (kind: JobKind): boolean => kind === 'follow' || kind === 'expire';

async function giveUp(deps: JobLoopDeps, job: LeasedJob): Promise<void> {
  await deps.transaction(async (tables) => {
    const now = deps.now();
    if (!(await tables.jobs.renew(job, now + LEASE))) return;
    if (isUpkeep(job.kind)) {
      // It is needed for as long as there is a server; what is wrong was reported.
      await tables.jobs.postpone(job, now + REST, 'WAITING');
      return;
    }
    if (job.kind === 'report') {
      // The run has ended, and well: only its report has not.
      await tables.reports.failPending(job.scope, job.run, now);
      await tables.jobs.complete(job);
      return;
    }
    const [run] = await tables.runs.findMany(job.scope, [job.run]);
    const ended =
      run &&
      ((await advanceRun(tables, job.scope, run, 'FAIL', now)) ??
        (await advanceRun(tables, job.scope, run, 'BREAK', now)));
    if (!ended) await tables.jobs.delete(job.scope, { run: job.run });
  });
}
