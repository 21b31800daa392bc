import type { PamEntry } from './pam-stack.ts';

/** What a module may return here; the names are those of bracket controls. */
export type PamReturn = 'success' | 'authtok_err' | 'maxtries' | 'user_unknown' | 'perm_denied' | 'auth_err';

/** `jump` by a number of entries; `ok`, `done`, `bad`, `die`, `ignore` and `reset` as in pam.conf(5). */
type Action = string;

const simple: Readonly<Record<string, readonly [success: Action, failure: Action]>> = {
  required: ['ok', 'bad'],
  requisite: ['ok', 'die'],
  sufficient: ['done', 'ignore'],
  optional: ['ok', 'ignore'],
};

interface State {
  /** Undefined until a module that counts has spoken. */
  verdict: boolean | undefined;
}

/** Whether a stack lets the change through, when its modules return what `returns` says. */
export function stackSucceeds(entries: readonly PamEntry[], returns: (entry: PamEntry) => PamReturn): boolean {
  const state: State = { verdict: undefined };
  walk(entries, returns, state);
  return state.verdict === true;
}

/** Walks one level: `done` and `die` end it and, in a substack, nothing more. */
function walk(entries: readonly PamEntry[], returns: (entry: PamEntry) => PamReturn, state: State): void {
  const before = state.verdict;
  for (let at = 0; at < entries.length; at++) {
    const entry = entries[at];
    if (!entry) return;
    if (entry.substack) {
      walk(entry.substack, returns, state);
      continue;
    }
    const returned = returns(entry);
    const action = actionFor(entry.control, returned);
    const jump = /^\d{1,4}$/.test(action) ? Number(action) : 0;
    at += jump;
    if (action === 'reset') state.verdict = before;
    if (action === 'ok' || action === 'done') {
      if (state.verdict !== false) state.verdict = returned === 'success';
      if (action === 'done' && state.verdict) return;
    }
    if (action === 'bad' || action === 'die') {
      state.verdict = false;
      if (action === 'die') return;
    }
  }
}

function actionFor(control: string, returned: PamReturn): Action {
  if (!control.startsWith('[')) {
    const actions = Object.hasOwn(simple, control.toLowerCase()) ? simple[control.toLowerCase()] : undefined;
    // libpam makes a module with a control that it does not know fail always.
    return actions ? actions[returned === 'success' ? 0 : 1] : 'bad';
  }
  const pairs = [...control.matchAll(/([a-z_]+)\s*=\s*([a-z0-9]+)/gi)].map(([, name, action]) => [
    name?.toLowerCase(),
    action?.toLowerCase() ?? '',
  ]);
  const named = pairs.findLast(([name]) => name === returned) ?? pairs.findLast(([name]) => name === 'default');
  return named?.[1] ?? 'ignore';
}
