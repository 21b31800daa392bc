/** A token bucket per name: up to `burst` at once, `perSecond` in the long run. */
export interface Rate {
  readonly perSecond: number;
  readonly burst: number;
}

export interface TokenBuckets {
  /** Takes a token; false when there is none. */
  readonly take: (name: string) => boolean;
  /** Whether there is a token; none is taken. */
  readonly has: (name: string) => boolean;
  /** Takes as many, more than there are too: the next come when those are made up for. */
  readonly spend: (name: string, tokens: number) => void;
}

interface Bucket {
  tokens: number;
  /** When `tokens` was true, in milliseconds. */
  at: number;
}

/**
 * `now` is in milliseconds and should never step; one that steps back only takes time from a bucket. No more than
 * `capacity` names are kept: the one that asked longest ago is forgotten, and has a full bucket when it asks again.
 */
export function createTokenBuckets(
  { perSecond, burst }: Rate,
  now: () => number,
  { capacity = 10_000 }: { readonly capacity?: number } = {},
): TokenBuckets {
  /** In the order of their last use, oldest first. */
  const buckets = new Map<string, Bucket>();
  const bucketOf = (name: string): Bucket => {
    const at = now();
    const known = buckets.get(name);
    const bucket = known ?? { tokens: burst, at };
    if (known) {
      buckets.delete(name);
      bucket.tokens = Math.min(burst, bucket.tokens + (Math.max(0, at - bucket.at) / 1000) * perSecond);
      bucket.at = at;
    } else if (buckets.size >= capacity) {
      const [oldest] = buckets.keys();
      if (oldest !== undefined) buckets.delete(oldest);
    }
    buckets.set(name, bucket);
    return bucket;
  };
  return {
    take: (name) => {
      const bucket = bucketOf(name);
      if (bucket.tokens < 1) return false;
      bucket.tokens -= 1;
      return true;
    },
    has: (name) => !buckets.has(name) || bucketOf(name).tokens >= 1,
    spend: (name, tokens) => {
      bucketOf(name).tokens -= tokens;
    },
  };
}
