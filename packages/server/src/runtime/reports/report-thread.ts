import { on } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { MakeReport } from '../../engine/jobs/report.ts';
import type { DataDirectory } from '../data-directory.ts';
import { reportKey } from './report-key.ts';
import { reportSigner } from './report-signature.ts';
import type { ReportOrder } from './report-worker.ts';

/** What a report's thread may take: a report that needs more fails, and the server goes on. */
const resourceLimits = { maxOldGenerationSizeMb: 224, maxYoungGenerationSizeMb: 32, stackSizeMb: 4 } as const;
/** The longest that a report may take, in milliseconds. */
const TIME_LIMIT = 10 * 60 * 1000;

/** Makes each report in a thread of its own, which is gone when it is made. */
export const makeReportInThread = ({ store, masterKey }: Pick<DataDirectory, 'store' | 'masterKey'>): MakeReport => {
  const signer = reportSigner(reportKey({ masterKey }));
  return async function* (scope, { run, type, format, createdAt, askedBy }, stop) {
    stop.throwIfAborted();
    const order: ReportOrder = {
      store,
      request: { scope, run, type, createdAt, askedBy: askedBy ?? undefined, signedWith: signer.publicKey },
      format,
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
    let why = 'ended before it was made';
    const late = setTimeout(() => {
      why = `took longer than ${TIME_LIMIT / 60_000} minutes`;
      end();
    }, TIME_LIMIT);
    // Also once nobody listens any more: an error without a listener would end the server.
    worker.on('error', () => undefined);
    try {
      const messages = on(worker, 'message', { close: ['exit'] }) as AsyncIterable<[Uint8Array | string | null]>;
      for await (const [chunk] of messages) {
        if (chunk === null) return;
        if (typeof chunk === 'string') {
          // Only a signature leaves this thread: the key does not.
          worker.postMessage(signer.sign(chunk));
          continue;
        }
        yield chunk;
        // The thread works on its next chunk meanwhile, and gives it once it is told that this one is taken.
        worker.postMessage(null);
      }
      throw new Error(`The report’s thread ${why}`);
    } finally {
      clearTimeout(late);
      stop.removeEventListener('abort', end);
      await worker.terminate();
    }
  };
};
