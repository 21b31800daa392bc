import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { assayProgram } from './assay-program.ts';

/** `assay serve` in a process of its own. */
export interface ServerProcess {
  readonly pid: number | undefined;
  /** Where it listens; undefined when it ended before it did. */
  readonly ready: Promise<string | undefined>;
  /** What it said on standard error so far. */
  readonly complaints: () => string;
  /** Sends the signal and resolves with the exit code, null after a signal that kills, once the process is gone. */
  readonly end: (signal: 'SIGKILL' | 'SIGTERM') => Promise<number | null>;
}

/** Serves a data directory on a free port, by this clone's program unless another is given. */
export function startServerProcess(
  dataDirectory: string,
  environment: Readonly<Record<string, string>>,
  program = assayProgram,
): ServerProcess {
  const child: ChildProcess = spawn(process.execPath, [program, 'serve', '--port', '0', '--data-dir', dataDirectory], {
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  let complained = '';
  const gone = once(child, 'exit').then(([code]) => code as number | null);
  const ready = new Promise<string | undefined>((resolve) => {
    child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      said += text;
      const endpoint = /listens on (https?:\S+)/.exec(said)?.[1];
      if (endpoint) resolve(endpoint);
    });
    void gone.then(() => resolve(undefined));
  });
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    complained += text;
  });
  return {
    ready,
    pid: child.pid,
    complaints: () => complained,
    end: async (signal) => {
      child.kill(signal);
      return gone;
    },
  };
}
