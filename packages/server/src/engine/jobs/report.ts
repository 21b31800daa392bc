import type { Report } from '../../store/reports.ts';
import type { Store } from '../../store/store.ts';
import type { JobOutcome, JobTarget } from '../job.ts';
import type { ReportFiles } from '../report-files.ts';

/** How long a report waits before it looks again while another is being made, in milliseconds. */
const LOOK_AGAIN = 200;
/** Characters of an error that are kept. */
const MAX_ERROR = 1000;

/**
 * Makes one report and leaves its file under its name, whole or not at all. Rejects when it could not, and when `stop`
 * aborted.
 */
export type MakeReport = (scope: number, report: Report, stop: AbortSignal) => Promise<void>;

export interface ReportDeps {
  readonly store: Pick<Store, 'reports' | 'jobs'>;
  readonly make: MakeReport;
  readonly files: Pick<ReportFiles, 'remove'>;
  readonly now: () => number;
}

/**
 * Makes all reports of a run that were asked for, one at a time in this process: each takes memory of its own. One that
 * fails does not keep the others; then the job fails, to be tried again.
 */
export const report = ({ store, make, files, now }: ReportDeps) => {
  let busy = false;
  return async ({ scope, run }: JobTarget, stop: AbortSignal): Promise<JobOutcome> => {
    if (busy) return { done: false, notBefore: now() + LOOK_AGAIN };
    busy = true;
    const failures: unknown[] = [];
    try {
      for (const pending of await store.reports.pending(scope, run)) {
        if (stop.aborted) return { done: false, notBefore: now() };
        try {
          await make(scope, pending, stop);
        } catch (error) {
          if (stop.aborted) return { done: false, notBefore: now() };
          await store.reports.noteError(scope, pending.id, String(error).slice(0, MAX_ERROR));
          failures.push(error);
          continue;
        }
        if (await store.reports.complete(scope, pending.id, now())) {
          await store.jobs.noteProgress(scope, run, 'report');
        } else await files.remove([pending]);
      }
    } finally {
      busy = false;
    }
    // Deleted meanwhile, with its run: nobody waits for it.
    if (failures.length > 0 && (await store.reports.pending(scope, run)).length > 0) throw failures[0];
    return { done: true };
  };
};
