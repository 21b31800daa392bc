import type { Tables, Transaction } from '../../store/store.ts';

/** The most that is committed together. */
const MOST = 32;

/** Like a transaction of its own, and safe to run again from its beginning. */
export type GroupCommit = <T>(work: (tables: Tables) => Promise<T>) => Promise<T>;

interface Entry {
  /** Resolves to what tells whoever waits for it, once it is committed. */
  readonly work: (tables: Tables) => Promise<() => void>;
  readonly reject: (error: unknown) => void;
}

export interface GroupCommitDeps {
  readonly transaction: Transaction;
  readonly isRefusal: (error: unknown) => boolean;
  readonly isUnavailable: (error: unknown) => boolean;
  /** Resolves when what has come by then is to be committed together. */
  readonly gather: () => Promise<void>;
}

/**
 * Lets small works that come together share one transaction: a commit is dear however little it writes. Each is answered
 * when it is committed, in the order they came. A work that refuses (`isRefusal`) must do so before it writes: it ends
 * alone. One that breaks is taken out, and the others are done by themselves; where the store cannot be had
 * (`isUnavailable`) all end at once.
 */
export function createGroupCommit({ transaction, isRefusal, isUnavailable, gather }: GroupCommitDeps): GroupCommit {
  const waiting: Entry[] = [];
  let busy = false;

  const together = async (group: readonly Entry[]): Promise<void> => {
    try {
      const told = await transaction(async (tables) => {
        const outcomes: (() => void)[] = [];
        for (const { work, reject } of group) {
          try {
            outcomes.push(await work(tables));
          } catch (error) {
            if (!isRefusal(error)) throw error;
            outcomes.push(() => reject(error));
          }
        }
        return outcomes;
      });
      for (const tell of told) tell();
    } catch (error) {
      if (group.length === 1 || isUnavailable(error)) for (const { reject } of group) reject(error);
      else for (const each of group) await together([each]);
    }
  };

  const commit = async (): Promise<void> => {
    while (waiting.length > 0) {
      await gather();
      await together(waiting.splice(0, MOST));
    }
    busy = false;
  };

  return (work) =>
    new Promise((resolve, reject) => {
      const entry = async (tables: Tables): Promise<() => void> => {
        const value = await work(tables);
        return () => resolve(value);
      };
      waiting.push({ work: entry, reject });
      if (busy) return;
      busy = true;
      void commit();
    });
}
