import type { RandomBytes } from '../../domain/ids.ts';
import type { Store } from '../../store/store.ts';
import { ecosystemsFor } from '../judging/rules-package-catalog.ts';
import { restUpkeep } from './give-up.ts';
import type { JobKind } from './job.ts';
import { UPKEEP } from './lanes.ts';

/** How often is looked whether an update is due, in milliseconds. */
const LOOK_EVERY = 60_000;
const HOUR = 3_600_000;
/** Where the store keeps when the next update is due, and of which ecosystems the last one was. */
const SETTING = 'feeds upkeep';

export interface UpdateFeedsDeps {
  readonly store: Pick<Store, 'agents' | 'settings'>;
  readonly now: () => number;
  readonly random: RandomBytes;
  /** How long after the first host the first update begins, in milliseconds. */
  readonly firstAfter: number;
  /** Begins an update of the feeds, unless one goes on. */
  readonly start: () => 'STARTED' | 'RUNNING' | 'UNAVAILABLE';
  readonly log: (line: string) => void;
}

/**
 * Updates the feeds once a day, 23 to 25 hours after the last time so that servers do not all ask at once, and as soon as
 * a host needs advisories that none needed before. Of several servers of a store the one that has the job does it.
 */
export const updateFeeds = ({ store, now, random, firstAfter, start, log }: UpdateFeedsDeps): JobKind => ({
  kind: 'update-feeds',
  lane: UPKEEP,
  upkeep: true,
  giveUp: restUpkeep,
  run: async () => {
    const later = { done: false, notBefore: now() + LOOK_EVERY } as const;
    const wanted = ecosystemsFor(await store.agents.operatingSystems(), { siblings: true });
    if (wanted.length === 0) return later;
    const { next, of } = await standing(store, now() + firstAfter);
    const added = of === undefined ? [] : wanted.filter((ecosystem) => !of.includes(ecosystem));
    if (now() < next && added.length === 0) return later;
    if (start() !== 'STARTED') return later;
    const jitter = ((random(1)[0] ?? 0) / 255) * 2 * HOUR;
    await store.settings.put(SETTING, JSON.stringify({ next: Math.round(now() + 23 * HOUR + jitter), of: wanted }));
    const why = added.length > 0 ? ` (new: ${added.join(', ')})` : '';
    log(`The advisories of ${wanted.join(', ')} are updated${why}`);
    return later;
  },
});

interface Standing {
  readonly next: number;
  /** Absent before the first update. */
  readonly of?: readonly string[];
}

async function standing({ settings }: UpdateFeedsDeps['store'], first: number): Promise<Standing> {
  const text = await settings.settle(SETTING, JSON.stringify({ next: first }));
  const { next, of } = JSON.parse(text) as Standing;
  // A clock that was ahead must not put the update off for as long as it was.
  return { next: Math.min(next, Math.max(first, 0) + 26 * HOUR), ...(of === undefined ? {} : { of }) };
}
