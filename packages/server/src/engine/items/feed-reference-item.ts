import type { FeedReference as FeedReferenceShape } from '@assay/model/assay/structures.ts';
import type { Static } from '@assay/model/shape.ts';
import type { FeedReference } from '../../domain/run-knowledge.ts';

/** A source of knowledge as the Assay API names it. */
export const feedReferenceItem = ({
  name,
  updatedAt,
  newestAt,
  digest,
}: FeedReference): Static<typeof FeedReferenceShape> => ({
  name,
  updatedAt: updatedAt / 1000,
  ...(newestAt === undefined ? {} : { newestAt: newestAt / 1000 }),
  digest,
});
