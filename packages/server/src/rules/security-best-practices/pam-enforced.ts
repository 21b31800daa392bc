import { type PamReturn, stackSucceeds } from './pam-outcome.ts';
import type { PamEntry } from './pam-stack.ts';

/** Modules for accounts kept elsewhere: the password of a local account is not theirs to change. */
const elsewhere = /^pam_(?:sss|ldap|krb5|winbind|systemd_home|nisplus|tacplus|radius|vas\d*|centrifydc)\.so$/;
/** Modules whose answer depends on who asks, when and what is on the host. */
const conditions = /^pam_(?:succeed_if|exec|script|listfile|access|time|shells|wheel|group|debug|usertype)\.so$/;
/** Modules that write the new password of a local account. */
const storing = /^pam_(?:unix|unix2|unix_passwd|tcb|pwdb)\.so$/;

/** Every module of a stack, those of substacks included. */
export const modulesOf = (entries: readonly PamEntry[]): PamEntry[] =>
  entries.flatMap((entry) => (entry.substack ? modulesOf(entry.substack) : [entry]));

/**
 * Why a module's refusal of a new password does not stop a local user from setting it; undefined where it does. With
 * everything else content, and whichever way modules that ask for a condition answer, the stack must not succeed, and no
 * module may have stored the password when it fails.
 */
export function whyNotEnforced(stack: readonly PamEntry[], judge: PamEntry): string | undefined {
  for (const conditionsHold of [true, false]) {
    let refused = false;
    let stored: string | undefined;
    const returns = (entry: PamEntry): PamReturn => {
      if (entry === judge) {
        refused = true;
        return refusalOf(entry);
      }
      if (storing.test(entry.module)) stored ??= whatStores(entry, refused);
      if (entry.module === 'pam_deny.so') return 'auth_err';
      if (elsewhere.test(entry.module)) return 'user_unknown';
      return conditions.test(entry.module) && !conditionsHold ? 'perm_denied' : 'success';
    };
    if (stackSucceeds(stack, returns)) return `"${judge.control}" lets the change through all the same`;
    if (stored !== undefined) return stored;
  }
  return undefined;
}

/** After a refusal there is no new password: without use_authtok a storing module asks for one itself, and takes any. */
function whatStores({ module, source, args }: PamEntry, refused: boolean): string | undefined {
  if (!refused) return `it comes after ${module} (${source}), which has stored the password by then`;
  if (args.includes('use_authtok')) return undefined;
  return `the stack goes on, and ${module} (${source}), called without use_authtok, then asks for a password itself and stores it`;
}

/** pam_pwquality and pam_cracklib return another code when they asked more than once. */
const refusalOf = ({ module, args }: PamEntry): PamReturn =>
  /^pam_(?:pwquality|cracklib)\.so$/.test(module) && args.some((each) => /^retry=0*(?:[2-9]|1\d)/.test(each))
    ? 'maxtries'
    : 'authtok_err';
