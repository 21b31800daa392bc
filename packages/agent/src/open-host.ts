import { realpath } from 'node:fs/promises';
import { runCommand } from './host/run-command.ts';
import { type Host, refuse } from './host.ts';

/**
 * The host that the agent runs on (`/`), or another's file system mounted at `root`. Of the latter only files are
 * read: a program run here would tell of this host. Rejects where `root` does not exist.
 */
export async function openHost(root = '/'): Promise<Host> {
  const real = await realpath(root);
  return {
    root: real,
    now: Date.now,
    run:
      real === '/'
        ? runCommand
        : async () =>
            refuse('UNSUPPORTED', 'commands are not run for a root other than / : they would tell of this host'),
  };
}
