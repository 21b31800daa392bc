import type { RangeEvent } from '../../domain/advisories.ts';
import { FeedFault } from '../feed-fault.ts';
import { listOf, member, objectOf, tokenOf } from '../hostile-value.ts';

const MAX_RANGES = 200;
const MAX_EVENTS = 2_000;

/** What an entry's ranges say: `none` has no range that can be compared, `never` says that no version was affected. */
export type Ranges =
  | { readonly kind: 'some'; readonly ranges: readonly (readonly RangeEvent[])[] }
  | { readonly kind: 'none' | 'never' };

/**
 * Reads `affected[].ranges`, but for ranges of commits. `fixesOnly`: what a range says of its beginning is not believed,
 * and every version before the fix counts as affected. Throws {@link FeedFault}.
 */
export function rangesOf(value: unknown, fixesOnly = false): Ranges {
  const all = listOf(value, 'ranges', MAX_RANGES).map((range) => objectOf(range, 'a range'));
  const ordered = all.filter((range) => member(range, 'type') !== 'GIT');
  if (ordered.length === 0) return { kind: 'none' };
  const ranges = ordered
    .map(eventsOf)
    .map((events) => (fixesOnly ? fromTheStart(events) : events))
    .filter((events) => !isNever(events));
  return ranges.length === 0 ? { kind: 'never' } : { kind: 'some', ranges };
}

/** One range up to each fix would call versions between two branches affected: only a range with one fix is changed. */
function fromTheStart(events: readonly RangeEvent[]): readonly RangeEvent[] {
  const ends = events.filter((event) => !('introduced' in event));
  return ends.length === 1 && ends.every((event) => 'fixed' in event) ? [{ introduced: '0' }, ...ends] : events;
}

/** `fixed: "0"` is how Alpine and Debian write "not affected". */
const isNever = (events: readonly RangeEvent[]): boolean =>
  events.some((event) => 'fixed' in event && event.fixed === '0') && !events.some(isLaterStart);

const isLaterStart = (event: RangeEvent): boolean => 'introduced' in event && event.introduced !== '0';

function eventsOf(range: Readonly<Record<string, unknown>>): readonly RangeEvent[] {
  const type = member(range, 'type');
  if (type !== 'ECOSYSTEM' && type !== 'SEMVER') throw new FeedFault('a range has a type that is not known');
  const events = listOf(member(range, 'events'), 'events', MAX_EVENTS).flatMap((event) =>
    eventOf(objectOf(event, 'an event')),
  );
  if (!events.some((event) => 'introduced' in event)) throw new FeedFault('a range has no beginning');
  return events;
}

/** The first schema allowed several in one object. */
function eventOf(event: Readonly<Record<string, unknown>>): RangeEvent[] {
  const version = (name: string): string | undefined =>
    member(event, name) === undefined ? undefined : tokenOf(member(event, name), `a range’s ${name}`);
  const introduced = version('introduced');
  const fixed = version('fixed');
  const lastAffected = version('last_affected');
  const limit = version('limit');
  const events: RangeEvent[] = [];
  if (introduced !== undefined) events.push({ introduced });
  if (fixed !== undefined) events.push({ fixed });
  if (lastAffected !== undefined) events.push({ lastAffected });
  if (limit !== undefined) events.push({ limit });
  if (events.length === 0) throw new FeedFault('a range has an event that is not known');
  return events;
}
