import { fileURLToPath } from 'node:url';
import type { ConsoleDirectories } from '../wire/static-console/read-console.ts';

/** Where the web console is: its sources in this repository, or their copy in a build. Without them there is no console. */
export const consoleDirectories: ConsoleDirectories = {
  console: fileURLToPath(new URL('../../../console/src', import.meta.url)),
  model: fileURLToPath(new URL('../../../model/src', import.meta.url)),
};
