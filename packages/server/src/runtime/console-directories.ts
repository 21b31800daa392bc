import { fileURLToPath } from 'node:url';
import type { ConsoleDirectories } from '../wire/static-console/read-console.ts';

const directory = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** Where the web console's sources are in this repository. An installation without them has no console. */
export const consoleDirectories: ConsoleDirectories = {
  console: directory('../../../console/src'),
  model: directory('../../../model/src'),
};
