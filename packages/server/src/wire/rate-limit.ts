import { createTokenBuckets, type Rate } from '../domain/token-buckets.ts';
import { isRead } from '../operations/is-read.ts';

/** What an access key may ask for. */
export interface RateLimits {
  readonly reads: Rate;
  readonly writes: Rate;
}

export interface RateLimiter {
  /** True when a key may call an operation now; reads and writes are counted apart. */
  readonly allows: (accessKeyId: string, operation: string) => boolean;
}

/** Seconds of the rate that a key may save up: scripts ask in bursts. */
const BURST_SECONDS = 5;

/** A rate a second and five seconds of it at once. */
export const rateOf = (perSecond: number): Rate => ({ perSecond, burst: Math.max(1, perSecond * BURST_SECONDS) });

/**
 * Far above what a script, a paginator or Terraform asks for (its ten at a time take a few milliseconds each), and far
 * below what keeps others from being served.
 */
export const defaultRateLimits: RateLimits = { reads: rateOf(200), writes: rateOf(50) };

export const unlimited: RateLimiter = { allows: () => true };

/** `now` is in milliseconds. */
export function createRateLimiter({ reads, writes }: RateLimits, now: () => number): RateLimiter {
  const readBuckets = createTokenBuckets(reads, now);
  const writeBuckets = createTokenBuckets(writes, now);
  return {
    allows: (accessKeyId, operation) => (isRead(operation) ? readBuckets : writeBuckets).take(accessKeyId),
  };
}
