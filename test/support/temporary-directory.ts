import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEveryFile } from './cleanup.ts';

/** Makes a directory that is there until the tests of the file are over; its path has no symbolic link in it. */
export function temporaryDirectory(name = 'test'): string {
  const directory = realpathSync(mkdtempSync(join(tmpdir(), `assay-${name}-`)));
  directories.add(directory);
  return directory;
}

const directories = new Set<string>();

afterEveryFile.add(async () => {
  for (const directory of directories) rmSync(directory, { recursive: true, force: true });
  directories.clear();
});
