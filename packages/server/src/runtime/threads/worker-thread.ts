import { type ResourceLimits, Worker } from 'node:worker_threads';

/** What is particular to one kind of thread. */
export interface ThreadKind {
  /** Starts one that answers each message with one. */
  readonly start: () => Worker;
  /** The longest that one message may take, in milliseconds. */
  readonly timeLimit: number;
  /** What one is for, in words: `judges hosts`. */
  readonly purpose: string;
}

/** A thread that is handed one message at a time. It is started for the first, and again for the next after it ended. */
export interface WorkerThread<Message, Answer> {
  /**
   * The bytes are moved to the thread, so each has a buffer of its own. Rejects when the thread dies meanwhile, or takes
   * too long and is ended: it can be tried again.
   */
  readonly ask: (message: Message, bytes: readonly Uint8Array<ArrayBuffer>[]) => Promise<Answer>;
  /** Ends the thread; what it is at is given up. */
  readonly end: () => Promise<void>;
}

/** After so many milliseconds without a message the thread ends, and its memory is given back. */
const IDLE = 60_000;

export function createWorkerThread<Message, Answer>(kind: ThreadKind): WorkerThread<Message, Answer> {
  let worker: Worker | undefined;
  let last: Promise<unknown> = Promise.resolve();
  let ending: NodeJS.Timeout | undefined;
  const forget = (which: Worker): void => {
    if (worker === which) worker = undefined;
  };
  const startAnother = (): Worker => {
    const own = kind.start();
    // Also while nobody listens: an error without a listener would end the server.
    own.on('error', () => undefined).once('exit', () => forget(own));
    return own;
  };
  const end = async (): Promise<void> => {
    clearTimeout(ending);
    const ended = worker;
    worker = undefined;
    await ended?.terminate();
  };
  const ask = async (message: Message, bytes: readonly Uint8Array<ArrayBuffer>[]): Promise<Answer> => {
    clearTimeout(ending);
    const own = worker ?? startAnother();
    worker = own;
    try {
      return await answerOf<Message, Answer>(own, kind, message, bytes);
    } catch (error) {
      // What it was at is not known: the next message goes to a new one.
      forget(own);
      void own.terminate();
      throw error;
    } finally {
      clearTimeout(ending);
      ending = setTimeout(() => void end(), IDLE).unref();
    }
  };
  return {
    ask: (message, bytes) => {
      const answer = last.then(() => ask(message, bytes));
      last = answer.catch(() => undefined);
      return answer;
    },
    end,
  };
}

function answerOf<Message, Answer>(
  worker: Worker,
  { timeLimit, purpose }: ThreadKind,
  message: Message,
  bytes: readonly Uint8Array<ArrayBuffer>[],
): Promise<Answer> {
  const { promise, resolve, reject } = Promise.withResolvers<Answer>();
  const died = (): void => reject(new Error(`The thread that ${purpose} ended before it had answered`));
  const late = setTimeout(
    () => reject(new Error(`The thread that ${purpose} took longer than ${timeLimit / 1000} seconds`)),
    timeLimit,
  );
  worker.once('message', resolve).once('error', reject).once('exit', died);
  worker.postMessage(
    message,
    bytes.map(({ buffer }) => buffer),
  );
  return promise.finally(() => {
    clearTimeout(late);
    worker.off('message', resolve).off('error', reject).off('exit', died);
  });
}

/** A worker of a file with these limits. Nothing of this process is its business: neither its secrets nor its debugger. */
export const startWorker = (file: URL, resourceLimits: ResourceLimits): Worker =>
  new Worker(file, { resourceLimits, env: {}, execArgv: [] });
