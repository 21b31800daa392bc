import type { RangeEvent } from '../../domain/advisories.ts';
import { versionOrderOf } from './version-order-of.ts';

/**
 * Of the versions that an entry lists as affected, those that its ranges do not say already: most lists repeat every
 * version of the range, a thousand for one package. A version that cannot be compared is kept.
 */
export function uncovered(
  ecosystem: string,
  ranges: readonly (readonly RangeEvent[])[],
  versions: readonly string[],
): readonly string[] {
  const order = versionOrderOf(ecosystem);
  const ends = ranges.flatMap(([first, second, ...others]) => {
    const fromTheStart = first !== undefined && 'introduced' in first && first.introduced === '0';
    if (!fromTheStart || others.length > 0) return [];
    if (second === undefined) return [undefined];
    return 'fixed' in second && order.isValid(second.fixed) ? [second.fixed] : [];
  });
  if (ends.includes(undefined)) return [];
  return versions.filter(
    (version) =>
      !order.isValid(version) || !ends.some((fixed) => fixed !== undefined && order.compare(version, fixed) < 0),
  );
}
