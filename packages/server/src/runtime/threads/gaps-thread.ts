import { type FindOpenGaps, openGapsHere } from '../../engine/judging/open-gaps-of.ts';
import type { GapsAnswer, GapsMessage } from './gaps-worker.ts';
import { createWorkerThread, startWorker } from './worker-thread.ts';

const resourceLimits = { maxOldGenerationSizeMb: 512, maxYoungGenerationSizeMb: 32, stackSizeMb: 4 } as const;
/** The longest that one batch of hosts may take, in milliseconds. */
const timeLimit = 60_000;

/** A thread that looks for what the gaps of the feeds leave open, one batch of hosts at a time. */
export interface GapsThread {
  /** Rejects when the thread dies meanwhile. */
  readonly find: FindOpenGaps;
  /** Ends the thread. */
  readonly end: () => Promise<void>;
}

export function createGapsThread(): GapsThread {
  const start = () => startWorker(new URL('./gaps-worker.ts', import.meta.url), resourceLimits);
  const purpose = 'looks for gaps of the feeds';
  const thread = createWorkerThread<GapsMessage, GapsAnswer>({ start, timeLimit, purpose });
  return {
    find: async (given, { file, digest, value }) => {
      const hosts = given.map(({ osRelease, packages }) => {
        return { osRelease: new Uint8Array(osRelease), packages: new Uint8Array(packages) };
      });
      const bytes = hosts.flatMap(({ osRelease, packages }) => [osRelease, packages]);
      const answer = await thread.ask({ hosts, file, digest }, bytes);
      // It is open here still.
      return answer === 'GONE' ? openGapsHere(given, { file, digest, value }) : answer;
    },
    end: thread.end,
  };
}
