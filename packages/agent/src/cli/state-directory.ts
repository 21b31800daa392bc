import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { placesIn } from './places.ts';

/** /var/lib for root; else the user's own state, by the XDG Base Directory Specification (relative paths are ignored). */
export function defaultStateDirectory(env: NodeJS.ProcessEnv): string {
  if (process.geteuid?.() === 0) return placesIn().state;
  const state = env.XDG_STATE_HOME;
  return join(state && isAbsolute(state) ? state : join(homedir(), '.local', 'state'), 'assay-agent');
}
