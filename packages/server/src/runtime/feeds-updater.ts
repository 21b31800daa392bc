import { type ChildProcess, spawn } from 'node:child_process';
import { parseBoundedJson } from '@assay/model/bounded-json.ts';
import type { UpdateSummary } from '../feeds/update-feeds.ts';
import type { FeedsUpdater } from '../operations/operation.ts';
import type { DataDirectory } from './data-directory.ts';

/** Characters of what an update wrote last that are told when it fails. */
const TOLD = 1000;
/** Characters of its answer. */
const MAX_ANSWER = 4 * 1024 * 1024;

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
          stdio: ['ignore', 'pipe', 'pipe'],
        },
      );
      let last = '';
      child.stderr?.setEncoding('utf8').on('data', (text: string) => {
        last = `${last}${text}`.slice(-TOLD);
      });
      let answer = '';
      child.stdout?.setEncoding('utf8').on('data', (text: string) => {
        if (answer.length <= MAX_ANSWER) answer += text;
      });
      const end = (how: string): void => {
        child = undefined;
        if (how === 'status 0') return;
        const failed = failedFeeds(answer);
        report(
          failed.length > 0
            ? `Feeds that were not updated: ${failed.join('; ')}`
            : `The update of the feeds ended with ${how}: ${last.trim() || 'see feeds status'}`,
        );
      };
      child.once('error', ({ message }) => end(message));
      // Not `exit`: what it wrote last may still be on its way then.
      child.once('close', (status, signal) => end(signal ?? `status ${status}`));
      return 'STARTED';
    },
    stop: () => void child?.kill(),
  };
}

/** Each feed that the command's answer says has failed, with the reason; none where there is no whole answer. */
function failedFeeds(answer: string): string[] {
  try {
    const { feeds } = parseBoundedJson(answer) as UpdateSummary;
    return feeds.flatMap(({ name, outcome, error }) => (outcome === 'failed' ? [`${name} (${error})`] : []));
  } catch {
    return [];
  }
}
