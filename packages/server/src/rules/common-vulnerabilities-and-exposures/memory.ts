import type { Advisories } from '../../domain/advisories.ts';

/**
 * What was concluded from advisories, remembered for as long as they live: of `max` keys, the one longest unused goes
 * first. A key says all that `make` looks at beside the advisories.
 */
export function memory<V>(max: number): (advisories: Advisories, key: string, make: () => V) => V {
  const ofAdvisories = new WeakMap<Advisories, Map<string, V>>();
  return (advisories, key, make) => {
    const known = ofAdvisories.get(advisories) ?? new Map<string, V>();
    ofAdvisories.set(advisories, known);
    const value = known.get(key) ?? make();
    known.delete(key);
    known.set(key, value);
    const [oldest] = known.keys();
    if (known.size > max && oldest !== undefined) known.delete(oldest);
    return value;
  };
}
