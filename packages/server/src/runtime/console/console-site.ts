import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type ConsoleSite, PAGE, readPackedConsole } from '../../wire/static-console/read-packed-console.ts';
import type { StaticConsoleDeps } from '../../wire/static-console.ts';
import { endsWithin } from '../clock.ts';
import type { ConsoleDirectories } from './console-directories.ts';

/** Packing takes a few seconds; milliseconds. */
const TIMEOUT = 180_000;

/**
 * The console of this process: packed already in a build, packed on first use in a clone, in a process of its own. What was
 * packed is kept in the clone's cache and used by every later start.
 */
export function consoleSite(directories: ConsoleDirectories): Pick<StaticConsoleDeps, 'openConsole' | 'consoleGone'> {
  let opening: Promise<ConsoleSite | undefined> | undefined;
  return {
    openConsole: async (milliseconds) => {
      opening ??= openConsole(directories).catch((error) => {
        opening = undefined;
        throw error;
      });
      // A site that is there is there at once: nothing is timed for it.
      const site = opening;
      const done = await endsWithin(
        site.then(() => undefined),
        milliseconds,
      );
      return done ? site : 'packing';
    },
    consoleGone: () => {
      opening = undefined;
    },
  };
}

async function openConsole(directories: ConsoleDirectories): Promise<ConsoleSite | undefined> {
  const packed = await readPackedConsole(directories.console);
  if (packed || !existsSync(join(directories.console, PAGE))) return packed;
  return readPackedConsole(await pack(directories));
}

async function pack({ console, model, packer }: ConsoleDirectories): Promise<string> {
  const { PATH = '', HOME = '', TMPDIR } = process.env;
  try {
    const { stdout } = await promisify(execFile)(process.execPath, [packer, console, model], {
      timeout: TIMEOUT,
      // None of what this process knows is the bundler's business.
      env: { PATH, HOME, ...(TMPDIR === undefined ? {} : { TMPDIR }) },
    });
    return stdout.trim();
  } catch (error) {
    throw new Error(`The console cannot be packed: ${(error as { stderr?: string }).stderr?.trim() || String(error)}`);
  }
}
