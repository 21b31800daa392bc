import type { BuildIndex } from '../../feeds/build-from-parts.ts';
import { FeedFault } from '../../feeds/feed-fault.ts';
import type { IndexMessage } from './index-worker.ts';
import { startWorker } from './worker-thread.ts';

/** What building the index of every distribution may take: gigabytes pass through, and little of them is held. */
const resourceLimits = { maxOldGenerationSizeMb: 2048, maxYoungGenerationSizeMb: 8, stackSizeMb: 4 } as const;

/** Builds an index in a thread that lasts as long as that, so that this one goes on answering. Rejects where it dies. */
export const buildIndexInThread: BuildIndex = async (order, onProgress = () => undefined) => {
  const worker = startWorker(new URL('./index-worker.ts', import.meta.url), resourceLimits);
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  worker
    .on('message', (message: IndexMessage) => {
      if ('share' in message) onProgress(message.share);
      else if ('digest' in message) resolve(message.digest);
      else reject(new FeedFault(message.fault));
    })
    .once('error', reject)
    .once('exit', () => reject(new Error('The thread that builds the index ended before it was done')));
  worker.postMessage(order);
  try {
    return await promise;
  } finally {
    await worker.terminate();
  }
};
