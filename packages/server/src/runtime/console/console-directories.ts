import { fileURLToPath } from 'node:url';

/** Where a console is, and what packs it. */
export interface ConsoleDirectories {
  /** A packed console in a build; its sources, or their copy, in a clone. Without them there is no console. */
  readonly console: string;
  /** Sources of the model, which those of the console import. */
  readonly model: string;
  /** The script that packs sources: `node PACKER CONSOLE MODEL` prints the directory of the packed console. */
  readonly packer: string;
}

export const consoleDirectories: ConsoleDirectories = {
  console: fileURLToPath(new URL('../../../../console/src', import.meta.url)),
  model: fileURLToPath(new URL('../../../../model/src', import.meta.url)),
  packer: fileURLToPath(new URL('../../../../../scripts/pack-console.ts', import.meta.url)),
};
