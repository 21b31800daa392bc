import { closeSync, fsyncSync, openSync } from 'node:fs';

/** Returns when the names in a directory are on its disk. */
export function syncDirectory(path: string): void {
  const directory = openSync(path, 'r');
  try {
    fsyncSync(directory);
  } finally {
    closeSync(directory);
  }
}
