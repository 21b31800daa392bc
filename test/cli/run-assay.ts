import { spawn } from 'node:child_process';
import { assayProgram } from '../support/assay-program.ts';
import { afterEveryFile } from '../support/cleanup.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';
import { storeEnvironment } from '../support/test-store.ts';

export interface Ended {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** No test finds what another file of tests, or the person who runs them, has kept. */
let cacheHome: string | undefined;
afterEveryFile.add(async () => {
  cacheHome = undefined;
});

/** Runs a command of Assay's in a process of its own. The store that it finds is that of the data directory it is given. */
export async function runAssay(args: readonly string[], input: string | Uint8Array = ''): Promise<Ended> {
  const { ASSAY_DATA_DIR: _, ASSAY_ACCOUNT_ID: __, ASSAY_DATABASE_URL: ___, ...env } = process.env;
  const directory = args[args.indexOf('--data-dir') + 1];
  const store = args.includes('--data-dir') && directory !== undefined ? await storeEnvironment(directory) : {};
  cacheHome ??= temporaryDirectory('cache');
  const child = spawn(process.execPath, [assayProgram, ...args], {
    env: { ...env, XDG_CACHE_HOME: cacheHome, ...store },
  });
  const output = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (text: string) => {
      output[name] += text;
    });
  }
  // A command that refuses its arguments does not read its input.
  child.stdin.on('error', () => undefined).end(input);
  return new Promise((resolve, reject) => {
    child.on('error', reject).on('close', (status) => resolve({ status, ...output }));
  });
}
