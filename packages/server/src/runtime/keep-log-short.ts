import { stat } from 'node:fs/promises';
import { Worker } from 'node:worker_threads';
import type { StoreLocation } from '../store/database/store-location.ts';

/** Bytes of the log from which it is taken into the store's file. */
const LONG = 8 * 1024 * 1024;
/** How often it is looked at, in milliseconds. */
const LOOK_EVERY = 1000;

interface Deps {
  readonly sleep: (milliseconds: number, signal: AbortSignal) => Promise<void>;
  readonly report: (message: string, error: unknown) => void;
}

/**
 * Takes the log of an embedded store into its file in a thread of its own, until `stop` aborts: SQLite would do it within
 * a commit, and keep the thread that serves waiting for the disk. Where this cannot, SQLite still does, later.
 */
export async function keepLogShort(location: StoreLocation, { sleep, report }: Deps, stop: AbortSignal): Promise<void> {
  if (!('file' in location)) return;
  let done = 0;
  for (;;) {
    await sleep(LOOK_EVERY, stop);
    if (stop.aborted) return;
    const log = await stat(`${location.file}-wal`).catch(() => undefined);
    // The log keeps its size until it is written from its beginning again.
    if (!log || log.size < LONG || log.mtimeMs <= done) continue;
    done = log.mtimeMs;
    await checkpoint(location.file).catch((error) => report('The log of the store was not taken into it', error));
  }
}

function checkpoint(file: string): Promise<void> {
  const worker = new Worker(new URL('./checkpoint-worker.ts', import.meta.url), {
    workerData: file,
    env: {},
    execArgv: [],
  });
  return new Promise((resolve, reject) => {
    worker.once('error', reject);
    worker.once('exit', () => resolve());
  });
}
