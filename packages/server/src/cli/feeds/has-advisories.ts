import { join } from 'node:path';
import { FeedFault } from '../../feeds/feed-fault.ts';
import { type FeedsDirectory, readCurrent } from '../../feeds/feeds-directory.ts';
import { openAdvisories } from '../../feeds/index/open-advisories.ts';
import { type FeedKind, isOfAll } from '../../feeds/sources/feed-kind.ts';

/**
 * Whether there is anything beside what says more of every host, in an index that this version reads: after an upgrade there
 * may be one of another. Throws FeedFault.
 */
export function hasAdvisories(directory: FeedsDirectory): boolean {
  const { index, feeds } = readCurrent(directory);
  return (
    index !== undefined &&
    feeds.some(({ part }) => part !== undefined && isOfPackages(part)) &&
    isRead(join(directory.index, index))
  );
}

function isRead(file: string): boolean {
  try {
    openAdvisories(file).close();
    return true;
  } catch (error) {
    if (error instanceof FeedFault) return false;
    throw error;
  }
}

export const isOfPackages = ({ kind }: { readonly kind?: FeedKind | undefined }): boolean => !isOfAll(kind);
