import { type ByteCache, createByteCache } from './byte-cache.ts';
import type { Manifest } from './manifest.ts';
import type { OpenColumn } from './open-column.ts';

/** What a server keeps of the segments of lists in memory: it is right for ever, since a segment never changes under its id. */
export interface SegmentCache {
  /** By list_block_columns.id. */
  readonly columns: ByteCache<OpenColumn>;
  /** By scope and list: each is of one moment, and says of which. */
  readonly manifests: ByteCache<Manifest>;
}

/** Holds at most so many bytes. Nothing is taken before there is something to keep, but for 128 KiB. */
export const createSegmentCache = (bytes: number): SegmentCache => ({
  columns: createByteCache((bytes / 16) * 15),
  manifests: createByteCache(bytes / 16),
});

/**
 * For transactions that write: what they made may be rolled back, and ids that nobody has seen may then be given again
 * (by SQLite).
 */
export const noSegmentCache: SegmentCache = { columns: keepsNothing(), manifests: keepsNothing() };

function keepsNothing<Value>(): ByteCache<Value> {
  return { get: () => undefined, keep: () => undefined, size: () => 0 };
}
