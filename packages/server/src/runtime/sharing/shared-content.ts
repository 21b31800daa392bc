import { type ContentDirectory, contentInForce, putInForce } from '../../content/content-directory.ts';
import { mergeContent } from '../../content/merge-content.ts';
import { changeContent } from '../content-lock.ts';
import { identityOf } from './identity-of.ts';
import type { SharedKind } from './shared-kind.ts';

const CURRENT = 'current.json';

/** The SCAP content of a data directory: the data streams in force, and the rules that are left out. */
export const sharedContent = (directory: ContentDirectory): SharedKind => ({
  kind: 'content',
  directory: directory.path,
  isFile: (path) =>
    /^(?:generations\/[0-9a-f]{64}\.json|(?:streams\/[0-9a-f]{64}\.xml|indexes\/[0-9a-f]{64}\.json)\.gz)$/.test(path),
  state: () => {
    const found = contentInForce(directory);
    if (!found) return undefined;
    const texts = { [CURRENT]: found.text };
    return { identity: identityOf(texts), texts, files: found.files };
  },
  changing: (work) => changeContent(directory, work),
  adopt: ({ [CURRENT]: text = '' }) => putInForce(directory, text),
  merge: async ({ [CURRENT]: text = '' }) => mergeContent(directory, text),
});
