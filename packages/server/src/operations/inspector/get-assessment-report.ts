import type { Output } from '@assay/model/api/operations.ts';
import { hasEnded } from '../../domain/run-machine.ts';
import type { Report } from '../../store/tables/reports.ts';
import { doesNotExist } from '../arns.ts';
import { runInProgress } from '../errors.ts';
import type { Operation } from '../operation.ts';
import { LINK_LIFETIME } from '../report-links.ts';
import { requireRuns } from '../require-runs.ts';

/**
 * How long a call waits for its report, in milliseconds. Most reports are made sooner, and there are scripts that ask once and
 * give up on WORK_IN_PROGRESS.
 */
const PATIENCE = 1500;
/** How often the store is asked meanwhile, in milliseconds: another server may be making the report. */
const LOOK_AGAIN = 75;
/** Calls that wait at once; those beyond are answered without waiting. */
const MAX_WAITING = 64;

/** How long a report that could not be made is told to be FAILED before a call asks for it anew, in milliseconds. */
const FAILED_FOR = 60_000;

/**
 * Asks for a report, and tells where it is once it is made: clients call until it is COMPLETED. The URL opens with a
 * plain GET for 15 minutes; a later call gives another one of the same report. Refused while the run is going.
 */
export const getAssessmentReport: Operation<
  'GetAssessmentReport',
  'store' | 'now' | 'random' | 'wakeJobs' | 'reportLinks' | 'pause'
> = ({ store, now, random, wakeJobs, reportLinks, pause }) => {
  let waiting = 0;
  const waitFor = async (scope: number, key: Pick<Report, 'run' | 'type' | 'format'>): Promise<Report | undefined> => {
    let report: Report | undefined;
    if (waiting >= MAX_WAITING) return undefined;
    waiting++;
    try {
      for (let waited = 0; waited < PATIENCE; waited += LOOK_AGAIN) {
        if (!(await pause(LOOK_AGAIN))) break;
        report = await store.reports.find(scope, key);
        if (report?.status !== 'WORK_IN_PROGRESS') break;
      }
    } finally {
      waiting--;
    }
    return report;
  };
  return async ({ assessmentRunArn, reportFileFormat: format, reportType: type }, caller) => {
    const load = requireRuns(caller, [assessmentRunArn]);
    const [run] = await load(store);
    if (!run) throw doesNotExist('run', assessmentRunArn);
    if (!hasEnded(run.state)) {
      throw runInProgress([assessmentRunArn], false, 'The assessment run has not ended; its report can be made then');
    }
    const { scope, endpoint = '', accessKeyId } = caller;
    const key = { run: run.id, type, format };
    const at = now();
    const answer = (report: Report | undefined): Output<'GetAssessmentReport'> => {
      if (report?.status !== 'COMPLETED') return { status: report?.status ?? 'WORK_IN_PROGRESS' };
      const token = reportLinks.write({ scope, report: report.id, expiresAt: at + LINK_LIFETIME, accessKeyId });
      return { status: 'COMPLETED', url: `${endpoint}/reports/${token}` };
    };
    const report = await store.reports.find(scope, key);
    const isStale = report?.status === 'FAILED' && at >= (report.finishedAt ?? 0) + FAILED_FOR;
    if (report && !isStale && report.status !== 'WORK_IN_PROGRESS') return answer(report);
    if (!report || isStale) {
      await store.transaction(async (tables) => {
        // Deleted since it was looked for: what hangs on it must not come back.
        if ((await tables.runs.findMany(scope, [run.id])).length === 0) throw doesNotExist('run', assessmentRunArn);
        const id = Buffer.from(random(16)).toString('hex');
        await tables.reports.ask(scope, { id, ...key, createdAt: at, askedBy: accessKeyId ?? null });
        await tables.jobs.ask(scope, run.id, 'report', at);
      });
      wakeJobs();
    }
    return answer(await waitFor(scope, key));
  };
};
