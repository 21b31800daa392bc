import { DAY } from './durations.ts';
import type { FeedReference } from './run-knowledge.ts';

/** Of what is known of a source, what a run keeps. */
export const feedReference = ({ name, updatedAt, newestAt, digest }: FeedReference): FeedReference => ({
  name,
  updatedAt,
  ...(newestAt !== undefined && { newestAt }),
  digest,
});

/**
 * Of when a source is, milliseconds since the epoch: when it was taken or, where that is earlier, of when the newest of
 * what it holds is. A copy that froze years ago stays as old as it is however often it is taken.
 */
export const dateOf = ({ updatedAt, newestAt = updatedAt }: Pick<FeedReference, 'updatedAt' | 'newestAt'>): number =>
  Math.min(updatedAt, newestAt);

/** Its name, its date and its age in days at a time, and when it was taken where that was later. */
export function agedText(source: FeedReference, at: number): string {
  const { name, updatedAt, newestAt = updatedAt } = source;
  const date = dateOf(source);
  const days = Math.floor((at - date) / DAY);
  const taken = newestAt < updatedAt ? `, though taken on ${dayOf(updatedAt)}` : '';
  return `${name} of ${dayOf(date)} (${days} days old${taken})`;
}

const dayOf = (time: number): string => new Date(time).toISOString().slice(0, 10);
