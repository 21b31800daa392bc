import type { FeedReference as FeedReferenceShape } from '@assay/model/assay/structures.ts';
import type { Static } from '@assay/model/shape.ts';
import { dateOf } from '../../domain/feed-reference.ts';
import type { FeedReference } from '../../domain/run-knowledge.ts';

/** A source of knowledge with its times as runs keep them. */
export const inMilliseconds = ({ updatedAt, newestAt, ...feed }: Static<typeof FeedReferenceShape>): FeedReference => ({
  ...feed,
  updatedAt: Math.round(updatedAt * 1000),
  ...(newestAt === undefined ? {} : { newestAt: Math.round(newestAt * 1000) }),
});

/** The day that a source is of: `2026-11-30`. */
export const dayOfFeed = (feed: Static<typeof FeedReferenceShape>): string =>
  new Date(dateOf(inMilliseconds(feed))).toISOString().slice(0, 10);
