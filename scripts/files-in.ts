import { readdirSync } from 'node:fs';
import { join } from 'node:path';

/** The paths of all files below a directory, which they begin with. */
export const filesIn = (directory: string): string[] =>
  readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
