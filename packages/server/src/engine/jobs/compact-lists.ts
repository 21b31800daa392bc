import type { Tables, Transaction } from '../../store/store.ts';

export interface CompactListsDeps {
  readonly changed: Tables['lists']['changed'];
  readonly transaction: Transaction;
}

/** Changes of one list that are left to themselves: each costs a reader a few microseconds. */
export const LOOSE = 256;
/** How often changes are looked for, in milliseconds. */
const PAUSE = 1000;

/**
 * Takes what has changed in lists into the segments that they are read from, wherever there are `atLeast` changes, a short
 * transaction after another until none is left or `stop` aborts. Lists are right before and after, only faster after.
 */
export async function compactLists(
  { changed, transaction }: CompactListsDeps,
  atLeast: number = LOOSE,
  stop?: AbortSignal,
): Promise<void> {
  for (const { list, scope } of await changed(atLeast)) {
    let taken = 1;
    while (taken > 0 && !stop?.aborted)
      taken = await transaction((tables) => tables.lists.compact(list, scope), 'repeatable read');
  }
}

export interface KeepListsCompactedDeps extends CompactListsDeps {
  /** Resolves after so many milliseconds, or as soon as the signal aborts. */
  readonly sleep: (milliseconds: number, signal: AbortSignal) => Promise<void>;
  readonly isUnavailable: (error: unknown) => boolean;
  readonly report: (message: string, error: unknown) => void;
}

/** {@link compactLists} every second, until `stop`. */
export async function keepListsCompacted(deps: KeepListsCompactedDeps, stop: AbortSignal): Promise<void> {
  while (!stop.aborted) {
    try {
      await compactLists(deps, LOOSE, stop);
    } catch (error) {
      // Busy: an import is at work, which seals what it writes.
      if (!deps.isUnavailable(error)) {
        deps.report('Lists could not be brought up to date with their changes; they are slower until they are', error);
      }
    }
    await deps.sleep(PAUSE, stop);
  }
}
