import type { Advisories } from '../../domain/advisories.ts';
import { type BoundedMap, boundedMap } from '../../domain/bounded-map.ts';

/**
 * What was concluded from advisories, remembered for as long as they live: of `max` keys, the one longest unused goes
 * first. A key says all that `make` looks at beside the advisories.
 */
export function memory<V>(max: number): (advisories: Advisories, key: string, make: () => V) => V {
  const ofAdvisories = new WeakMap<Advisories, BoundedMap<string, V>>();
  return (advisories, key, make) => {
    const known = ofAdvisories.get(advisories) ?? boundedMap<string, V>(max, 'LEAST_RECENT');
    ofAdvisories.set(advisories, known);
    const value = known.get(key) ?? make();
    known.set(key, value);
    return value;
  };
}
