import { hostname } from 'node:os';
import { join } from 'node:path';
import { keepListsCompacted } from '../engine/jobs/compact-lists.ts';
import type { JobKind } from '../engine/jobs/job.ts';
import { type JobLoopDeps, runJobLoop } from '../engine/jobs/job-loop.ts';
import type { Wakeups } from '../engine/jobs/wakeups.ts';
import type { Store } from '../store/store.ts';
import { isUnavailable } from '../store/unavailable.ts';
import type { Clock } from './clock.ts';
import type { DataDirectory } from './data-directory.ts';
import { keepLogShort } from './keep-log-short.ts';
import { removeReportFiles } from './reports/remove-report-files.ts';
import type { SharedKnowledge } from './sharing/shared-knowledge.ts';

/** How often a server says again that it works on the store, should the database have forgotten: milliseconds. */
const PRESENCE = 2000;
/** How often tables are looked at that have grown so much that they must be counted again: milliseconds. */
const COUNTED = 3000;

/** What a server does besides answering. `run` resolves when `stop` aborts and the work at hand has ended. */
export interface BackgroundTask {
  readonly name: string;
  readonly run: (stop: AbortSignal) => Promise<void>;
}

export interface BackgroundDeps extends Pick<Clock, 'now' | 'sleep'> {
  readonly store: Store;
  readonly directory: DataDirectory;
  readonly kinds: readonly JobKind[];
  readonly wakeups: Wakeups;
  /** Passes on to agents what other servers began. */
  readonly watchInstructions: (stop: AbortSignal) => Promise<void>;
  /** Absent where the store is this server's alone. */
  readonly sharing?: SharedKnowledge | undefined;
  readonly newToken: () => string;
  readonly report: (message: string, error?: unknown) => void;
}

/** Everything that a server does in the background, in one list. */
export function backgroundTasks(deps: BackgroundDeps): readonly BackgroundTask[] {
  const { store, directory, watchInstructions, sharing, sleep, report } = deps;
  const { transaction, lists } = store;
  return [
    { name: 'jobs', run: (stop) => workOnJobs(deps, stop) },
    { name: 'presence', run: every(PRESENCE, store.stay, sleep) },
    { name: 'statistics', run: every(COUNTED, () => store.analyze('DOUBLED'), sleep) },
    { name: 'instructions', run: watchInstructions },
    ...(sharing ? [{ name: 'knowledge', run: (stop: AbortSignal) => sharing.run(stop, sleep) }] : []),
    { name: 'log', run: (stop) => keepLogShort(directory.store, { sleep, report }, stop) },
    {
      name: 'lists',
      run: (stop) => keepListsCompacted({ changed: lists.changed, transaction, sleep, isUnavailable, report }, stop),
    },
  ];
}

const every =
  (pause: number, work: () => Promise<void>, sleep: Clock['sleep']): BackgroundTask['run'] =>
  async (stop) => {
    while (!stop.aborted) {
      await sleep(pause, stop);
      // While the store is away nobody else can find this server missing, and nothing is counted.
      if (!stop.aborted) await work().catch(() => undefined);
    }
  };

async function workOnJobs(deps: BackgroundDeps, stop: AbortSignal): Promise<void> {
  const { store, directory, kinds, wakeups, now, sleep, newToken, report } = deps;
  const first = async (failure: string, work: () => Promise<void>): Promise<void> => {
    await work().catch((error) => report(failure, error));
  };
  await first('Jobs of a server that died wait for their leases to end', async () => {
    if (!(await store.takeOver())) report('Other servers have this store open; they share its work');
  });
  await first('Files of earlier reports could not be removed', () =>
    removeReportFiles(join(directory.path, 'reports')),
  );
  await first('Upkeep could not be asked for', async () => {
    for (const { kind, upkeep } of kinds) if (upkeep) await store.jobs.ask(0, '', kind, now());
  });
  const loop: JobLoopDeps = {
    ...{ jobs: store.jobs, transaction: store.transaction, kinds, wakeups, now, sleep, isUnavailable, report },
    // For people who look into the database: which server works on what.
    owner: `${hostname()}/${process.pid}/${newToken()}`,
  };
  await runJobLoop(loop, stop);
}
