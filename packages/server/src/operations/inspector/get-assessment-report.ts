import { hasEnded } from '../../domain/run-machine.ts';
import { doesNotExist } from '../arns.ts';
import { runInProgress, unsupportedFeature } from '../errors.ts';
import type { Operation } from '../operation.ts';
import { LINK_LIFETIME } from '../report-links.ts';
import { requireRuns } from '../require-runs.ts';

/** How long a report that could not be made is told to be FAILED before a call asks for it anew, in milliseconds. */
const FAILED_FOR = 60_000;

/**
 * Asks for a report, and tells where it is once it is made: clients call until it is COMPLETED. The URL opens with a
 * plain GET for 15 minutes; a later call gives another one of the same report. Refused while the run is going, and a FULL
 * report of imported history, of which there are no verdicts.
 */
export const getAssessmentReport: Operation<
  'GetAssessmentReport',
  'store' | 'now' | 'random' | 'wakeJobs' | 'reportLinks'
> =
  ({ store, now, random, wakeJobs, reportLinks }) =>
  async ({ assessmentRunArn, reportFileFormat: format, reportType: type }, caller) => {
    const load = requireRuns(caller, [assessmentRunArn]);
    const [run] = await load(store);
    if (!run) throw doesNotExist('run', assessmentRunArn);
    if (!hasEnded(run.state)) {
      throw runInProgress([assessmentRunArn], false, 'The assessment run has not ended; its report can be made then');
    }
    if (type === 'FULL' && run.imported) {
      throw unsupportedFeature(
        'This run was imported, without the verdicts that a FULL report is made from; ask for a FINDING report',
      );
    }
    const { scope, endpoint = '' } = caller;
    const at = now();
    const report = await store.reports.find(scope, { run: run.id, type, format });
    if (report?.status === 'WORK_IN_PROGRESS') return { status: 'WORK_IN_PROGRESS' };
    if (report?.status === 'FAILED' && at < (report.finishedAt ?? 0) + FAILED_FOR) return { status: 'FAILED' };
    if (report?.status === 'COMPLETED') {
      const token = reportLinks.write({ scope, report: report.id, expiresAt: at + LINK_LIFETIME });
      return { status: 'COMPLETED', url: `${endpoint}/reports/${token}` };
    }
    await store.transaction(async (tables) => {
      // Deleted since it was looked for: what hangs on it must not come back.
      if ((await tables.runs.findMany(scope, [run.id])).length === 0) throw doesNotExist('run', assessmentRunArn);
      const id = Buffer.from(random(16)).toString('hex');
      await tables.reports.ask(scope, { id, run: run.id, type, format, createdAt: at });
      await tables.jobs.ask(scope, run.id, 'report', at);
    });
    wakeJobs();
    return { status: 'WORK_IN_PROGRESS' };
  };
