import { spawn } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

/**
 * The program that opens an address in the browser of the person at this terminal; undefined where there is no desktop, the
 * terminal is another machine's, nobody is at it, or it is root's, whose browser a person does not use.
 */
export function browserOpener(
  env: NodeJS.ProcessEnv,
  { isTerminal, user }: { readonly isTerminal: boolean; readonly user: number | undefined },
): string | undefined {
  const isDesktop = Boolean(env.DISPLAY || env.WAYLAND_DISPLAY) && !env.SSH_CONNECTION;
  if (!isTerminal || !isDesktop || user === undefined || user === 0) return undefined;
  return (env.PATH ?? '')
    .split(delimiter)
    .filter((directory) => directory.startsWith('/'))
    .map((directory) => join(directory, 'xdg-open'))
    .find(isExecutable);
}

/** Opens an address. Nothing is said where that fails: the address is on the terminal too. */
export function openBrowser(opener: string, address: string): void {
  const opening = spawn(opener, [address], { detached: true, stdio: 'ignore' });
  opening.once('error', () => undefined);
  opening.unref();
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
