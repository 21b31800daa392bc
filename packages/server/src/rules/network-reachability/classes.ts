import { BeyondBounds, bounds } from './bounds.ts';
import { intersect, type Ranges, subtract, type Value } from './ranges.ts';

/**
 * One value of each class: values that are in the same ones of `distinctions` are of one class, and no rule tells them
 * apart. Every border of a range is a border of classes.
 */
export function representatives(all: Ranges, distinctions: readonly Ranges[], preferred?: Value): Value[] {
  let classes: Ranges[] = all.length === 0 ? [] : [all];
  const seen = new Set<string>();
  for (const ranges of distinctions) {
    const common = intersect(ranges, all);
    if (common.length === 0) continue;
    // A long set is split by again, which changes nothing.
    const key = common.length > 1000 ? undefined : keyOf(common);
    if (key !== undefined && seen.has(key)) continue;
    if (key !== undefined) seen.add(key);
    classes = classes.flatMap((each) => {
      const inside = intersect(each, common);
      if (inside.length === 0) return [each];
      const outside = subtract(each, common);
      return outside.length === 0 ? [inside] : [inside, outside];
    });
    if (classes.length > bounds.classes) {
      throw new BeyondBounds(`the rules tell more than ${bounds.classes} kinds of sources apart`);
    }
  }
  return classes.map((each) => pick(each, preferred));
}

const keyOf = (ranges: Ranges): string => ranges.map(([low, high]) => `${low}-${high}`).join();

function pick(ranges: Ranges, preferred: Value | undefined): Value {
  if (preferred !== undefined && ranges.some(([low, high]) => low <= preferred && preferred <= high)) return preferred;
  const [low, high] = ranges[0] ?? [0, 0];
  // Not the first of a network, which is no host's: the one after it, where there is one.
  if (low === high) return low;
  return typeof low === 'bigint' ? low + 1n : low + 1;
}
