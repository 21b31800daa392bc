/**
 * A function that remembers its last answers, between half of `max` and all of it; those longest unused go first. They go
 * by halves: to take out the oldest alone, a Map would step over all that were taken out before it.
 */
export function remembering<V>(max: number, compute: (key: string) => V): (key: string) => V {
  let recent = new Map<string, V>();
  let older: ReadonlyMap<string, V> = new Map();
  return (key) => {
    const known = recent.get(key);
    if (known !== undefined || recent.has(key)) return known as V;
    const value = older.has(key) ? (older.get(key) as V) : compute(key);
    if (recent.size >= Math.max(1, Math.floor(max / 2))) {
      older = recent;
      recent = new Map();
    }
    recent.set(key, value);
    return value;
  };
}
