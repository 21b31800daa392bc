import { Worker } from 'node:worker_threads';
import type { MakeReport } from '../../engine/jobs/report.ts';
import type { DataDirectory } from '../data-directory.ts';
import { reportPath } from './report-files.ts';
import type { ReportOrder } from './report-worker.ts';

/** What a report's thread may take: a report that needs more fails, and the server goes on. */
const resourceLimits = { maxOldGenerationSizeMb: 224, maxYoungGenerationSizeMb: 32, stackSizeMb: 4 } as const;
/** The longest that a report may take, in milliseconds. */
const TIME_LIMIT = 10 * 60 * 1000;

/** Makes each report in a thread of its own, which is gone when it is made. */
export const makeReportInThread =
  ({ store }: Pick<DataDirectory, 'store'>, directory: string): MakeReport =>
  async (scope, { run, type, format, id, createdAt }, stop) => {
    const order: ReportOrder = {
      store,
      request: { scope, run, type, createdAt },
      format,
      path: reportPath(directory, { id, format }),
    };
    const worker = new Worker(new URL('./report-worker.ts', import.meta.url), {
      workerData: order,
      resourceLimits,
      // Nothing of this process is its business: neither its secrets nor its debugger.
      env: {},
      execArgv: [],
    });
    const end = (): void => void worker.terminate();
    stop.addEventListener('abort', end, { once: true });
    const late = setTimeout(end, TIME_LIMIT);
    try {
      await new Promise<void>((resolve, reject) => {
        worker.once('error', reject);
        worker.once('exit', (code) =>
          code === 0 ? resolve() : reject(new Error(`The report's thread ended with ${code} before it was made`)),
        );
      });
    } finally {
      clearTimeout(late);
      stop.removeEventListener('abort', end);
    }
  };
