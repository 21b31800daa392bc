import type { Scope } from '@assay/model/arn.ts';
import { boundedMap } from '../../domain/bounded-map.ts';
import type { Run } from '../../domain/run.ts';
import { hasEnded } from '../../domain/run-machine.ts';
import { type AccountStore, accountOfRun, type RunAccount } from './account-of-run.ts';

/** Accounts that are kept at once: what a client asks for page by page. */
const KEPT = 4;

/**
 * What is made of the accounts of runs, and kept for those that have ended: the pages of one list come from one account.
 * Nothing is added to a run that has ended; what it says of verdicts that were deleted since is read anew.
 */
export function keptAccounts<T>(store: AccountStore, make: (account: RunAccount) => T | Promise<T>) {
  const kept = boundedMap<string, Promise<T>>(KEPT, 'LEAST_RECENT');
  return (scopeName: Pick<Scope, 'region'>, scope: number, run: Run): Promise<T> => {
    const made = (): Promise<T> => accountOfRun(store, scopeName, scope, run).then(make);
    if (!hasEnded(run.state)) return made();
    const key = `${scope}/${run.id}`;
    const before = kept.get(key);
    if (before) return before;
    const now = made();
    kept.set(key, now);
    // One that failed is made again.
    now.catch(() => kept.delete(key));
    return now;
  };
}
