import type { Worker } from 'node:worker_threads';
import { type Judge, type JudgeOrder, judgeHere } from '../../engine/judging/judge-order.ts';
import type { Snapshots } from '../../engine/judging/knowledge-source.ts';
import type { JudgeAnswer, JudgeMessage } from './judge-worker.ts';
import { createWorkerThread, startWorker } from './worker-thread.ts';

/** What judging may take: a host that needs more fails its run, and the server goes on. */
const resourceLimits = { maxOldGenerationSizeMb: 1024, maxYoungGenerationSizeMb: 32, stackSizeMb: 4 } as const;
/** The longest that one host may take, in milliseconds. */
const timeLimit = 5 * 60_000;

/** A thread that judges, one host at a time. */
export interface JudgeThread {
  /** Rejects when the thread dies meanwhile: the host can be tried again. */
  readonly judge: Judge;
  /** Ends the thread; a host that is in it is given up. */
  readonly end: () => Promise<void>;
}

export const startJudgeWorker = (): Worker =>
  startWorker(new URL('./judge-worker.ts', import.meta.url), resourceLimits);

export function createJudgeThread(start = startJudgeWorker): JudgeThread {
  const thread = createWorkerThread<JudgeMessage, JudgeAnswer>({ start, timeLimit, purpose: 'judges hosts' });
  return {
    judge: async (order, snapshots) => {
      const documents = order.documents.map(({ kind, content }) => ({ kind, content: new Uint8Array(content) }));
      const bytes = documents.map(({ content }) => content);
      const answer = await thread.ask(messageOf({ ...order, documents }, snapshots), bytes);
      // It is open here still.
      return answer === 'GONE' ? judgeHere(order, snapshots) : answer;
    },
    end: thread.end,
  };
}

/** Of the agent what is needed alone. */
function messageOf({ agent, ...order }: JudgeOrder, snapshots: Snapshots): JudgeMessage {
  const { id, hostname, ipv4Address, tags } = agent;
  const files = Object.entries(snapshots).map(([kind, { file, digest }]) => [kind, { file, digest }] as const);
  return { order: { ...order, agent: { id, hostname, ipv4Address, tags } }, knowledge: Object.fromEntries(files) };
}
