import { type PamReturn, stackSucceeds } from './pam-outcome.ts';
import type { PamEntry } from './pam-stack.ts';

/** Modules for accounts kept elsewhere: the password of a local account is not theirs to change. */
const elsewhere = /^pam_(?:sss|ldap|krb5|winbind|systemd_home|nisplus|tacplus|radius|vas\d*|centrifydc)\.so$/;
/** Modules whose answer depends on who asks, when and what is on the host. */
const conditions = /^pam_(?:succeed_if|exec|script|listfile|access|time|shells|wheel|group|debug|usertype)\.so$/;

/** Every module of a stack, those of substacks included. */
export const modulesOf = (entries: readonly PamEntry[]): PamEntry[] =>
  entries.flatMap((entry) => (entry.substack ? modulesOf(entry.substack) : [entry]));

/**
 * Whether a module's refusal of a new password stops a local user from setting it: with everything else content, and
 * whichever way modules that ask for a condition answer, the stack must not succeed.
 */
export function isEnforced(stack: readonly PamEntry[], judge: PamEntry): boolean {
  return [true, false].every((conditionsHold) => {
    const returns = (entry: PamEntry): PamReturn => {
      if (entry === judge) return 'authtok_err';
      if (entry.module === 'pam_deny.so') return 'auth_err';
      if (elsewhere.test(entry.module)) return 'user_unknown';
      return conditions.test(entry.module) && !conditionsHold ? 'perm_denied' : 'success';
    };
    return !stackSucceeds(stack, returns);
  });
}
