/** Values that never change under their key, as many as fit. */
export interface ByteCache<Value> {
  readonly get: (key: number) => Value | undefined;
  /** Keeps a value of so many bytes, in the place of one that is there, unless those that would have to go are worth more. */
  readonly keep: (key: number, value: Value, bytes: number) => void;
  /** How many bytes are kept at the moment. */
  readonly size: () => number;
}

/** Keys share these counters of how often they were asked for. */
const COUNTERS = 1 << 16;
/** So many values are looked at to make room for one. */
const LOOKED_AT = 64;

/**
 * A cache that a pass over more than it holds does not wash out: what was asked for less often for each of its bytes
 * gives way to what was asked for more often, whether that was kept before or not, and to nothing else. Counts are halved
 * from time to time, so that what was worth much once does not stay for ever.
 */
export function createByteCache<Value>(limit: number): ByteCache<Value> {
  const entries = new Map<number, { readonly value: Value; readonly bytes: number }>();
  const asked = new Uint8Array(COUNTERS);
  let asks = 0;
  let used = 0;
  /** Goes round the entries: the next one to be looked at. */
  let hand = entries.entries();

  const counter = (key: number): number => Math.imul(key, 0x9e3779b1) >>> 16;
  const worth = (key: number, bytes: number): number => (asked[counter(key)] ?? 0) / bytes;
  const ask = (key: number): void => {
    const at = counter(key);
    const times = asked[at] ?? 0;
    if (times < 0xff) asked[at] = times + 1;
    if (++asks < 10 * Math.max(1000, entries.size)) return;
    asks = 0;
    for (let one = 0; one < COUNTERS; one++) asked[one] = (asked[one] ?? 0) >>> 1;
  };
  const remove = (key: number): void => {
    used -= entries.get(key)?.bytes ?? 0;
    entries.delete(key);
  };

  return {
    get: (key) => {
      ask(key);
      return entries.get(key)?.value;
    },
    keep: (key, value, bytes) => {
      remove(key);
      if (bytes > limit) return;
      const own = worth(key, bytes);
      for (let looked = 0; used + bytes > limit; looked++) {
        if (looked > LOOKED_AT) return;
        const next = hand.next();
        if (next.done) hand = entries.entries();
        else if (worth(next.value[0], next.value[1].bytes) < own) remove(next.value[0]);
      }
      entries.set(key, { value, bytes });
      used += bytes;
    },
    size: () => used,
  };
}
