/** A map that forgets: of what it was given last it keeps at most so many entries. */
export interface BoundedMap<K, V> {
  readonly get: (key: K) => V | undefined;
  readonly has: (key: K) => boolean;
  readonly set: (key: K, value: V) => void;
  readonly delete: (key: K) => void;
}

/**
 * What goes when a map of `max` entries is full. LEAST_RECENT: the one that was neither read nor written for longest. ALL: every
 * one, which costs nothing an entry; for what is quickly made again.
 */
export type Forgetting = 'LEAST_RECENT' | 'ALL';

export function boundedMap<K, V>(max: number, forgetting: Forgetting): BoundedMap<K, V> {
  const entries = new Map<K, V>();
  const isOrdered = forgetting === 'LEAST_RECENT';
  return {
    get: (key) => {
      const value = entries.get(key);
      if (isOrdered && (value !== undefined || entries.has(key))) {
        entries.delete(key);
        entries.set(key, value as V);
      }
      return value;
    },
    has: (key) => entries.has(key),
    set: (key, value) => {
      if (isOrdered) entries.delete(key);
      if (entries.size >= max && !entries.has(key)) {
        if (isOrdered) entries.delete(entries.keys().next().value as K);
        else entries.clear();
      }
      entries.set(key, value);
    },
    delete: (key) => void entries.delete(key),
  };
}
