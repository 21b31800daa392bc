/**
 * A function that remembers its last answers: the `least` that were used last, and at most twice as many. The older half
 * goes at once: to take out the oldest alone, a Map would step over all that were taken out before it.
 */
export function remembering<V>(least: number, compute: (key: string) => V): (key: string) => V {
  let recent = new Map<string, V>();
  let older: ReadonlyMap<string, V> = new Map();
  return (key) => {
    const known = recent.get(key);
    if (known !== undefined || recent.has(key)) return known as V;
    const value = older.has(key) ? (older.get(key) as V) : compute(key);
    if (recent.size >= least) {
      older = recent;
      recent = new Map();
    }
    recent.set(key, value);
    return value;
  };
}
