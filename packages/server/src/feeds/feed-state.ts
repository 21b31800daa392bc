import type { FeedOrigin } from './index/feed-origin.ts';
import type { PartSummary } from './parts/write-part.ts';
import type { FeedKind } from './sources/feed-kind.ts';

/** What was last taken from a feed. */
export interface FeedPart extends PartSummary {
  readonly kind: FeedKind;
  readonly source: string;
  /** The address that it came from, where that is not the source. */
  readonly address?: string;
  /** The ecosystems that were asked for; all where there are none. */
  readonly only: readonly string[];
  /** When its publisher last had it so, milliseconds since the epoch. */
  readonly updatedAt: number;
  /** SHA-256 of what was read, hexadecimal. */
  readonly digest: string;
  readonly etag?: string;
  readonly lastModified?: string;
  /** The part's file in parts/, its SHA-256 and size. */
  readonly file: string;
  readonly sha256: string;
  readonly bytes: number;
  /** What an update by changes goes on from; absent where it is always taken whole. */
  readonly ledger?: PartLedger;
}

/** Which records a part was made from, in a file of parts/. */
export interface PartLedger {
  readonly file: string;
  readonly sha256: string;
  /** When all of it was last taken, milliseconds since the epoch. */
  readonly wholeAt: number;
  /** The publisher's list of changes as it was: its bytes, its newest date, and when all of it was last read. */
  /** Of VEX documents: the newest date of the publisher's lists up to which all of it is here. */
  readonly until?: string;
  readonly list?: { readonly size: number; readonly top: string; readonly at: number; readonly etag?: string };
}

/** One feed: what there is of it, and what went wrong the last time that it was asked for. */
export interface FeedState {
  readonly name: string;
  readonly part?: FeedPart;
  readonly error?: { readonly message: string; readonly at: number };
}

/** All that is served: the index, and the feeds that it was made of. One file, so that both change at once. */
export interface CurrentState {
  readonly version: 1;
  /** The file in index/; absent before the first update. */
  readonly index?: string;
  readonly digest?: string;
  readonly feeds: readonly FeedState[];
}

/** Age beyond which a feed is said to be old, in milliseconds. */
export const OLD_AFTER = 7 * 24 * 60 * 60 * 1000;

/** Age beyond which what a feed holds is said to be old, in milliseconds: small feeds may be quiet for some weeks. */
export const STALE_AFTER = 30 * 24 * 60 * 60 * 1000;

export const originOf = (
  name: string,
  { kind, updatedAt, digest, records, newestAt, unreadable }: FeedPart,
): FeedOrigin => ({
  name,
  kind,
  updatedAt,
  digest,
  records,
  ...(newestAt !== undefined && { newestAt }),
  ...(unreadable !== undefined && { unreadable }),
});
