import { readdir, rm, rmdir } from 'node:fs/promises';
import { join } from 'node:path';

/** What reports were named when they were files, and their drafts: nothing else is removed. */
const FILE = /^[0-9a-f]{32}\.(?:html|pdf)(?:\.part)?$/;

/** Removes what is left of the time when reports were files of a directory: they are rows of the store, made anew from it. */
export async function removeReportFiles(directory: string): Promise<void> {
  try {
    for (const name of await readdir(directory)) if (FILE.test(name)) await rm(join(directory, name), { force: true });
    await rmdir(directory);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    // There is none, or somebody keeps something of theirs in it.
    if (code !== 'ENOENT' && code !== 'ENOTEMPTY') throw error;
  }
}
