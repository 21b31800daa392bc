import type { AffectedPackage } from '../../domain/advisories.ts';
import type { Lookup } from './packages.ts';
import type { Release } from './release.ts';

/**
 * True where one comparison tells that the version has the fix, or the distribution says that it is not affected: what
 * judgeEntry concludes at length. False where it takes more to tell.
 */
export function hasItsFix(
  { unreadable, disposition, module, versions, binaries, ranges: [events, ...others] }: AffectedPackage,
  { version, stream, binary, epochKnown }: Lookup,
  { order, epochs }: Release,
): boolean {
  if (unreadable !== undefined || module !== undefined || stream !== undefined) return false;
  if (disposition === 'NOT_AFFECTED') return true;
  if (disposition === 'UNDER_INVESTIGATION' || versions || (binary && binaries)) return false;
  const [begin, end, ...more] = events ?? [];
  if (!begin || !end || more.length > 0 || others.length > 0 || !epochKnown || epochs === 'LEFT_OUT') return false;
  if (!('introduced' in begin && begin.introduced === '0' && 'fixed' in end)) return false;
  const { fixed } = end;
  return !fixed.includes('.module') && order.isValid(fixed) && order.compare(version, fixed) >= 0;
}
