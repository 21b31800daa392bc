import type { JobKind, LeasedJob } from '../store/jobs.ts';
import type { Tables, Transaction } from '../store/store.ts';
import { advanceRun } from './advance-run.ts';
import type { JobOutcome, JobTarget } from './job.ts';
import type { Wakeups } from './wakeups.ts';

/** A worker that says nothing for this long has died, and another takes its job: milliseconds. */
const LEASE = 30_000;
/** The longest that the loop goes without looking: another server may have asked for work. Milliseconds. */
const POLL = 1000;
/** Jobs at work at once in one server. */
const PARALLEL = 4;
/** After so many failures in a row a run is given up: FAILED while collecting, ERROR while evaluating. */
const MAX_ATTEMPTS = 5;

/** What woken waiters of the loop listen to. */
export const JOBS = 'jobs';

export interface JobLoopDeps {
  readonly jobs: Tables['jobs'];
  readonly transaction: Transaction;
  readonly handlers: Readonly<Record<JobKind, (target: JobTarget) => Promise<JobOutcome>>>;
  readonly wakeups: Wakeups;
  readonly now: () => number;
  /** Resolves after so many milliseconds, or as soon as the signal aborts. */
  readonly sleep: (milliseconds: number, signal: AbortSignal) => Promise<void>;
  readonly report: (message: string, error: unknown) => void;
  /** Names this process among those that share the store. */
  readonly owner: string;
}

/** Works through jobs until `stop`; resolves when the last one at work has been given back. */
export async function runJobLoop(deps: JobLoopDeps, stop: AbortSignal): Promise<void> {
  const working = new Set<Promise<void>>();
  while (!stop.aborted) {
    let claimed: LeasedJob[] = [];
    try {
      const now = deps.now();
      const free = PARALLEL - working.size;
      if (free > 0) claimed = await deps.jobs.claim(deps.owner, now, now + LEASE, free);
    } catch (error) {
      deps.report('Jobs could not be claimed', error);
    }
    for (const job of claimed) {
      const work: Promise<void> = perform(deps, job).finally(() => working.delete(work));
      working.add(work);
    }
    if (claimed.length === 0) await idle(deps, working, stop);
  }
  await Promise.all(working);
}

/** Waits until a job ends, one is asked for, the next is due or the poll is over. */
async function idle(deps: JobLoopDeps, working: ReadonlySet<Promise<void>>, stop: AbortSignal): Promise<void> {
  const over = new AbortController();
  const signal = AbortSignal.any([stop, over.signal]);
  const due = await deps.jobs.nextDue().catch(() => undefined);
  const pause = Math.max(1, Math.min(POLL, (due ?? Number.POSITIVE_INFINITY) - deps.now()));
  // Full hands: only a job that ends makes room.
  const wait = working.size >= PARALLEL ? POLL : pause;
  await Promise.race([deps.sleep(wait, signal), deps.wakeups.wait(JOBS, signal), ...working]);
  over.abort();
}

async function perform(deps: JobLoopDeps, job: LeasedJob): Promise<void> {
  const over = new AbortController();
  const renewing = keepLease(deps, job, over.signal);
  try {
    if (job.attempts > MAX_ATTEMPTS) {
      await giveUp(deps, job);
      return;
    }
    const outcome = await deps.handlers[job.kind](job);
    if (outcome.done) await deps.jobs.complete(job);
    else await deps.jobs.postpone(job, outcome.notBefore, true);
  } catch (error) {
    deps.report(`The job ${job.kind} of run ${job.run} failed (attempt ${job.attempts} of ${MAX_ATTEMPTS})`, error);
    const pause = 1000 * 2 ** (job.attempts - 1);
    await deps.jobs.postpone(job, deps.now() + pause, false).catch((second) => {
      deps.report(`The job ${job.kind} of run ${job.run} could not be given back; its lease will end`, second);
    });
  } finally {
    over.abort();
    await renewing;
  }
}

async function keepLease(deps: JobLoopDeps, job: LeasedJob, over: AbortSignal): Promise<void> {
  while (!over.aborted) {
    await deps.sleep(LEASE / 3, over);
    if (over.aborted) return;
    try {
      if (!(await deps.jobs.renew(job, deps.now() + LEASE))) return;
    } catch (error) {
      deps.report(`The lease on ${job.kind} of run ${job.run} could not be renewed`, error);
    }
  }
}

async function giveUp(deps: JobLoopDeps, job: LeasedJob): Promise<void> {
  await deps.transaction(async (tables) => {
    const [run] = await tables.runs.findMany(job.scope, [job.run]);
    const now = deps.now();
    const ended =
      run &&
      ((await advanceRun(tables, job.scope, run, 'FAIL', now)) ??
        (await advanceRun(tables, job.scope, run, 'BREAK', now)));
    if (!ended) await tables.jobs.delete(job.scope, { run: job.run });
  });
}
