import { Worker } from 'node:worker_threads';
import type { Generation } from '../../engine/advisory-source.ts';
import { type Judge, type JudgeOrder, judgeHere } from '../../engine/judge-order.ts';
import type { JudgeAnswer, JudgeMessage } from './judge-worker.ts';

/** What judging may take: a host that needs more fails its run, and the server goes on. */
const resourceLimits = { maxOldGenerationSizeMb: 1024, maxYoungGenerationSizeMb: 64, stackSizeMb: 4 } as const;
/** The longest that one host may take, in milliseconds. */
const TIME_LIMIT = 5 * 60_000;
/** After so many milliseconds without a host the thread ends, and its memory is given back. */
const IDLE = 60_000;

/** A thread that judges, one host at a time. It is started for the first host, and again for the next after it ended. */
export interface JudgeThread {
  /** Rejects when the thread dies meanwhile: the host can be tried again. */
  readonly judge: Judge;
  /** Ends the thread; a host that is in it is given up. */
  readonly end: () => Promise<void>;
}

export function createJudgeThread(start: () => Worker = startJudgeWorker): JudgeThread {
  let worker: Worker | undefined;
  let last: Promise<unknown> = Promise.resolve();
  let ending: NodeJS.Timeout | undefined;
  const forget = (which: Worker): void => {
    if (worker === which) worker = undefined;
  };
  const startAnother = (): Worker => {
    const own = start();
    own.once('exit', () => forget(own));
    return own;
  };
  const end = async (): Promise<void> => {
    clearTimeout(ending);
    const ended = worker;
    worker = undefined;
    await ended?.terminate();
  };
  const judgeThere: Judge = async (order, generation) => {
    clearTimeout(ending);
    const own = worker ?? startAnother();
    worker = own;
    try {
      return await ask(own, order, generation);
    } catch (error) {
      // What it was at is not known: the next host gets a new one.
      forget(own);
      void own.terminate();
      throw error;
    } finally {
      clearTimeout(ending);
      ending = setTimeout(() => void end(), IDLE).unref();
    }
  };
  return {
    judge: (order, generation) => {
      const judged = last.then(() => judgeThere(order, generation));
      last = judged.catch(() => undefined);
      return judged;
    },
    end,
  };
}

export function startJudgeWorker(): Worker {
  const worker = new Worker(new URL('./judge-worker.ts', import.meta.url), {
    resourceLimits,
    // Nothing of this process is its business: neither its secrets nor its debugger.
    env: {},
    execArgv: [],
  });
  // Also while nobody listens: an error without a listener would end the server.
  worker.on('error', () => undefined);
  return worker;
}

async function ask(worker: Worker, order: JudgeOrder, generation: Generation | undefined) {
  const answer = await answerOf(worker, messageOf(order, generation));
  // It is open here still.
  return answer === 'GONE' ? judgeHere(order, generation) : answer;
}

function answerOf(worker: Worker, message: JudgeMessage): Promise<JudgeAnswer> {
  const { promise, resolve, reject } = Promise.withResolvers<JudgeAnswer>();
  const died = (): void => reject(new Error('The thread that judges hosts ended before it had judged this one'));
  const late = setTimeout(
    () => reject(new Error(`A host took longer to judge than ${TIME_LIMIT / 60_000} minutes`)),
    TIME_LIMIT,
  );
  worker.once('message', resolve).once('error', reject).once('exit', died);
  worker.postMessage(
    message,
    message.order.documents.map(({ content }) => content.buffer as ArrayBuffer),
  );
  return promise.finally(() => {
    clearTimeout(late);
    worker.off('message', resolve).off('error', reject).off('exit', died);
  });
}

/** Of the order what is needed alone, and bytes in buffers of their own: they move to the thread and are gone here. */
function messageOf({ agent, documents, ...order }: JudgeOrder, generation: Generation | undefined): JudgeMessage {
  const { id, hostname, ipv4Address, tags } = agent;
  return {
    order: {
      ...order,
      agent: { id, hostname, ipv4Address, tags },
      documents: documents.map(({ kind, content }) => ({ kind, content: new Uint8Array(content) })),
    },
    ...(generation && { advisories: { file: generation.file, digest: generation.advisories.digest } }),
  };
}
