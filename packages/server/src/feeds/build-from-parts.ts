import { DatabaseSync } from 'node:sqlite';
import { FeedFault } from './feed-fault.ts';
import type { EarlierIndex } from './gaps/last-import.ts';
import { buildIndex } from './index/build-index.ts';
import type { FeedOrigin } from './index/feed-origin.ts';
import { advisoriesIn } from './index/open-advisories.ts';
import { readPart } from './parts/read-part.ts';

/** An index to build, as another thread can be handed it: files, and what is known of them. */
export interface IndexOrder {
  /** Where the index is made, and what is gathered for it: neither is there yet. */
  readonly draft: string;
  readonly staging: string;
  readonly parts: readonly { readonly origin: FeedOrigin; readonly file: string }[];
  /** The index that is served so far. */
  readonly earlier?: string;
}

/** Builds an index, and gives its digest. Throws {@link FeedFault} for a damaged part. */
export type BuildIndex = (order: IndexOrder, onProgress?: (share: number) => void) => Promise<string>;

/** Builds it in this thread, which answers nobody for seconds where there is much to sort. */
export const buildFromParts: BuildIndex = async ({ draft, staging, parts, earlier }, onProgress) => {
  const sources = parts.map(({ origin, file }) => ({ origin, items: () => readPart(file) }));
  const before = earlier === undefined ? undefined : openEarlier(earlier);
  const database = new DatabaseSync(draft);
  try {
    const options = { earlier: before?.index, ...(onProgress && { onProgress }) };
    return (await buildIndex(database, staging, sources, options)).digest;
  } finally {
    database.close();
    before?.close();
  }
};

/** What is served so far; nothing where it cannot be read, which only costs what it could have told. */
export function openEarlier(file: string): { readonly index: EarlierIndex; readonly close: () => void } | undefined {
  let database: DatabaseSync | undefined;
  try {
    database = new DatabaseSync(file, { readOnly: true });
    const index = { database, ...earlierIn(database) };
    return { index, close: () => index.database.close() };
  } catch (error) {
    database?.close();
    const isUnreadable = error instanceof FeedFault || (error as { code?: unknown }).code === 'ERR_SQLITE_ERROR';
    if (isUnreadable) return undefined;
    throw error;
  }
}

function earlierIn(database: DatabaseSync): Omit<EarlierIndex, 'database'> {
  const { record, gaps } = advisoriesIn(database);
  return { record, gaps: gaps(() => true) };
}
