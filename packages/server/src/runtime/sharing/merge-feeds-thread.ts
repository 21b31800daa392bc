import type { FeedsDirectory } from '../../feeds/feeds-directory.ts';
import { createWorkerThread, startWorker } from '../threads/worker-thread.ts';

export interface MergeMessage {
  readonly directory: FeedsDirectory;
  /** What current.json is at another server. */
  readonly theirs: string;
}

/** Null when it is done; else what was wrong. */
export type MergeAnswer = string | null;

const resourceLimits = { maxOldGenerationSizeMb: 1024, maxYoungGenerationSizeMb: 32, stackSizeMb: 4 } as const;
/** To build the index of every distribution takes a minute or two. */
const timeLimit = 15 * 60_000;

/** Serves the newest of each feed of here and elsewhere, by an index that a thread of its own builds. Throws. */
export async function mergeFeedsInThread(directory: FeedsDirectory, theirs: string): Promise<void> {
  const thread = createWorkerThread<MergeMessage, MergeAnswer>({
    start: () => startWorker(new URL('./merge-feeds-worker.ts', import.meta.url), resourceLimits),
    timeLimit,
    purpose: 'puts feeds together',
  });
  try {
    const fault = await thread.ask({ directory, theirs }, []);
    if (fault !== null) throw new Error(fault);
  } finally {
    await thread.end();
  }
}
