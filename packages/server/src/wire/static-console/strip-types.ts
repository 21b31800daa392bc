import { Worker } from 'node:worker_threads';

/** Sources without their types, in the same order. Rejects where one is not TypeScript that can be stripped. */
export const stripTypes = (sources: readonly string[]): Promise<string[]> =>
  new Promise((resolve, reject) => {
    const worker = new Worker(new URL('./strip-types-worker.ts', import.meta.url), {
      workerData: sources,
      // What Node calls experimental here is what it runs this file with; an operator need not hear of it.
      execArgv: ['--disable-warning=ExperimentalWarning'],
    });
    worker.once('message', (stripped: string[]) => resolve(stripped));
    worker.once('error', reject);
    worker.once('exit', (code) => reject(new Error(`Stripping types ended with ${code} and without a result`)));
  });
