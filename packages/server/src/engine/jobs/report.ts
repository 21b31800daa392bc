import type { Store } from '../../store/store.ts';
import type { Report } from '../../store/tables/reports.ts';
import type { JobKind } from './job.ts';
import { REPORTING } from './lanes.ts';

/** How long a report that another server makes is left alone, in milliseconds. */
const LOOK_AGAIN = 200;
/** Every change of a report's bytes changes its row too: two that meet are found by that. */
const ISOLATION = 'repeatable read';
/** Characters of an error that are kept. */
const MAX_ERROR = 1000;

/**
 * Makes one report: its bytes, a chunk at a time, each of which is waited for until it is asked for. Throws when it could
 * not, and when `stop` aborted; leaves nothing behind when it is left before its end.
 */
export type MakeReport = (scope: number, report: Report, stop: AbortSignal) => AsyncIterable<Uint8Array>;

export interface ReportDeps {
  readonly store: Pick<Store, 'reports' | 'transaction'>;
  readonly make: MakeReport;
  readonly now: () => number;
}

/**
 * Makes all reports of a run that were asked for, one after another. One that fails does not hold up the others; then the
 * job fails, to be tried again.
 */
export const report = ({ store, make, now }: ReportDeps): JobKind => {
  /** False where the report is another's to make since this one began, or nobody's. */
  const keep = async (scope: number, pending: Report, stop: AbortSignal): Promise<boolean> => {
    const making = await store.transaction(({ reports }) => reports.begin(scope, pending.id), ISOLATION);
    if (!making) return false;
    let last: Uint8Array | undefined;
    for await (const chunk of make(scope, pending, stop)) {
      const before = last;
      if (before && !(await store.transaction(({ reports }) => reports.append(scope, making, before), ISOLATION)))
        return false;
      last = chunk;
    }
    const end = last;
    if (!end) throw new Error('The report has no bytes');
    return store.transaction(async ({ reports, jobs }) => {
      const kept = await reports.complete(scope, making, end, now());
      if (kept) await jobs.noteProgress(scope, pending.run, 'report');
      return kept;
    }, ISOLATION);
  };

  return {
    kind: 'report',
    lane: REPORTING,
    // The run has ended, and well: only its reports have not.
    giveUp: async (tables, { scope, subject }, at) => {
      await tables.reports.failPending(scope, subject, at);
      return { done: true };
    },
    run: async ({ scope, subject: run }, stop) => {
      const failures: unknown[] = [];
      for (const pending of await store.reports.pending(scope, run)) {
        if (stop.aborted) return { done: false, notBefore: now() };
        try {
          // Another server has taken this job, or the run is deleted; else what is left is for the next look.
          if (!(await keep(scope, pending, stop))) return { done: false, notBefore: now() + LOOK_AGAIN };
        } catch (error) {
          if (stop.aborted) return { done: false, notBefore: now() };
          await store.reports.noteError(scope, pending.id, String(error).slice(0, MAX_ERROR));
          failures.push(error);
        }
      }
      // Deleted meanwhile, with its run: nobody waits for it.
      if (failures.length > 0 && (await store.reports.pending(scope, run)).length > 0) throw failures[0];
      return { done: true };
    },
  };
};
