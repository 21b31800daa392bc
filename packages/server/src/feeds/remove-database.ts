import { rmSync } from 'node:fs';

/**
 * Removes an SQLite file and what a process that was killed left beside it: a journal would be rolled back into the next file
 * of the same name.
 */
export function removeDatabase(file: string): void {
  for (const suffix of ['', '-journal', '-wal', '-shm']) rmSync(`${file}${suffix}`, { force: true });
}
