import type { UnreadableRecords } from '../../domain/advisories.ts';

/** The feed that something came from, as it is recorded with every run. */
export interface FeedOrigin {
  readonly name: string;
  readonly kind: string;
  /** When its publisher last had it so, milliseconds since the epoch. */
  readonly updatedAt: number;
  /** SHA-256 of what was read, hexadecimal. */
  readonly digest: string;
  readonly records: number;
  /** The newest date in it, milliseconds since the epoch; absent where what it holds has no dates. */
  readonly newestAt?: number;
  /** Records that could not be read and name no package that could be. */
  readonly unreadable?: UnreadableRecords;
}
