/** A function that remembers its last answers, at most `max` of them; the one longest unused goes first. */
export function remembering<V>(max: number, compute: (key: string) => V): (key: string) => V {
  const known = new Map<string, V>();
  return (key) => {
    const had = known.get(key);
    if (had !== undefined || known.has(key)) {
      known.delete(key);
      known.set(key, had as V);
      return had as V;
    }
    const value = compute(key);
    known.set(key, value);
    if (known.size > max) {
      const [oldest] = known.keys();
      if (oldest !== undefined) known.delete(oldest);
    }
    return value;
  };
}
