import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** Programs of the system, as an installation uses them. */
export interface System {
  /** Its exit status; undefined where there is no such program. What it prints is shown. */
  readonly run: (command: string, args: readonly string[]) => number | undefined;
  /** The first line that a program prints, where it succeeds. */
  readonly ask: (command: string, args: readonly string[]) => string | undefined;
}

const PATH = ['/usr/sbin', '/usr/bin', '/sbin', '/bin'];
const find = (command: string): string | undefined =>
  PATH.map((directory) => join(directory, command)).find((file) => existsSync(file));
const env = { PATH: PATH.join(delimiter), LC_ALL: 'C' };

export const system: System = {
  run: (command, args) => {
    const file = find(command);
    if (file === undefined) return undefined;
    return spawnSync(file, args, { env, stdio: ['ignore', 'inherit', 'inherit'] }).status ?? 128;
  },
  ask: (command, args) => {
    const file = find(command);
    if (file === undefined) return undefined;
    const { status, stdout } = spawnSync(file, args, { env, stdio: ['ignore', 'pipe', 'ignore'], encoding: 'utf8' });
    return status === 0 ? stdout.split('\n', 1)[0] : undefined;
  },
};
