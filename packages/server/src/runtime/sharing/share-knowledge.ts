import { contentDirectory } from '../../content/content-directory.ts';
import { feedsDirectory } from '../../feeds/feeds-directory.ts';
import type { DataDirectory } from '../data-directory.ts';
import { sharedContent } from './shared-content.ts';
import { sharedFeeds } from './shared-feeds.ts';
import { createSharedKnowledge, type SharedKnowledge, type SharingDeps } from './shared-knowledge.ts';

interface ShareDeps extends Omit<SharingDeps, 'kinds'> {
  readonly directory: Pick<DataDirectory, 'path' | 'store'>;
}

/**
 * Shares the advisories and the SCAP content of a data directory with the other servers of its store. Undefined where the
 * store is a file in that directory: whoever uses it has the same.
 */
export const shareKnowledge = ({ directory: { path, store }, ...deps }: ShareDeps): SharedKnowledge | undefined =>
  'file' in store
    ? undefined
    : createSharedKnowledge({
        ...deps,
        kinds: [sharedFeeds(feedsDirectory(path)), sharedContent(contentDirectory(path))],
      });
