import { type FeedsDirectory, readCurrent } from '../../feeds/feeds-directory.ts';
import { type FeedKind, isOfAll } from '../../feeds/sources/feed-kind.ts';

/** Whether there is anything beside what says more of every host. Throws FeedFault. */
export const hasAdvisories = (directory: FeedsDirectory): boolean =>
  readCurrent(directory).feeds.some(({ part }) => part !== undefined && isOfPackages(part));

export const isOfPackages = ({ kind }: { readonly kind?: FeedKind | undefined }): boolean => !isOfAll(kind);
