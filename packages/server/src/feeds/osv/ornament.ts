import { FeedFault } from '../feed-fault.ts';

/**
 * What says nothing of who is affected: where it cannot be read it is left out, and that is noted. A record must not be
 * lost for it.
 */
export function ornament<T>(notes: string[], read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof FeedFault)) throw error;
    notes.push(error.message);
    return undefined;
  }
}
