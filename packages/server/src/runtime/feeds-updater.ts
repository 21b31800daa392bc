import { type ChildProcess, spawn } from 'node:child_process';
import type { FeedsUpdater } from '../operations/operation.ts';
import type { DataDirectory } from './data-directory.ts';

/** Characters of what an update wrote last that are told when it fails. */
const TOLD = 1000;

interface Deps {
  /** What starts Assay's command line; undefined where nothing does. */
  readonly program: readonly string[] | undefined;
  readonly directory: Pick<DataDirectory, 'path' | 'store'>;
  /** A folder, file or URL that is read in place of the configured feeds. */
  readonly from?: string;
  readonly report: (message: string) => void;
}

/** Updates feeds in a process of its own, as the command does: the server's thread is free meanwhile. */
export function createFeedsUpdater({
  program,
  directory,
  from,
  report,
}: Deps): FeedsUpdater & { readonly stop: () => void } {
  let child: ChildProcess | undefined;
  return {
    running: () => child !== undefined,
    start: () => {
      if (child) return 'RUNNING';
      const [command, ...args] = program ?? [];
      if (command === undefined) return 'UNAVAILABLE';
      const { store, path } = directory;
      child = spawn(
        command,
        [...args, 'feeds', 'update', '--json', '--data-dir', path, ...(from === undefined ? [] : ['--from', from])],
        {
          // Whoever follows the advisories opens the store that the server has.
          env: { ...process.env, ...('url' in store && { ASSAY_DATABASE_URL: store.url }) },
          stdio: ['ignore', 'ignore', 'pipe'],
        },
      );
      let last = '';
      child.stderr?.setEncoding('utf8').on('data', (text: string) => {
        last = `${last}${text}`.slice(-TOLD);
      });
      const end = (how: string): void => {
        child = undefined;
        if (how !== 'status 0')
          report(`The update of the feeds ended with ${how}: ${last.trim() || 'see feeds status'}`);
      };
      child.once('error', ({ message }) => end(message));
      child.once('exit', (status, signal) => end(signal ?? `status ${status}`));
      return 'STARTED';
    },
    stop: () => void child?.kill(),
  };
}
