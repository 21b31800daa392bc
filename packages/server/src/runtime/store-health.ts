import { type StoreFault, storeFault } from '../store/store-fault.ts';

/** What a server has seen of its store, for /health. */
export interface StoreHealth {
  /** Notes an error, if it is one of the store's. */
  readonly note: (error: unknown) => void;
  /** Rejects where the store cannot be read, or could not be written when that was tried last. */
  readonly check: () => Promise<void>;
}

export interface StoreHealthDeps {
  readonly ping: () => Promise<void>;
  /** Writes something that changes nothing, to see whether it can be written. */
  readonly probe: () => Promise<void>;
}

/**
 * Reads go on where the disk is full or read-only, so a ping alone would call a server ready that refuses every change. After
 * such a fault each check writes, until that succeeds. Damage is not forgotten before the next start.
 */
export function createStoreHealth({ ping, probe }: StoreHealthDeps): StoreHealth {
  let fault: StoreFault | undefined;
  const failed = ({ what }: StoreFault): Error => new Error(what);
  return {
    note: (error) => {
      const found = storeFault(error);
      // Whether it is there, and whether another holds it, is asked anew each time.
      if (found && found.kind !== 'BUSY' && found.kind !== 'AWAY' && fault?.kind !== 'DAMAGED') fault = found;
    },
    check: async () => {
      await ping();
      const known = fault;
      if (!known) return;
      if (!known.passes) throw failed(known);
      try {
        await probe();
        fault = undefined;
      } catch (error) {
        throw failed(storeFault(error) ?? known);
      }
    },
  };
}
