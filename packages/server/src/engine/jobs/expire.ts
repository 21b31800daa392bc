import { DAY, HOUR } from '../../domain/durations.ts';
import type { Store } from '../../store/store.ts';
import { restUpkeep } from './give-up.ts';
import type { JobKind } from './job.ts';
import { UPKEEP } from './lanes.ts';

/** How often evidence is looked through, in milliseconds. */
const LOOK_EVERY = HOUR;
/** Documents looked at, and hosts' verdicts deleted, in one transaction. */
const BATCH = 200;

export interface ExpireDeps {
  readonly store: Pick<Store, 'evidence' | 'evaluations' | 'transaction'>;
  readonly now: () => number;
  /** Days that documents and verdicts are kept after they came. */
  readonly days: number;
}

/**
 * Deletes the documents and verdicts of past runs, batch by batch; runs, findings and exclusions stay, and so does what
 * there was: its kinds, sizes, digests and times. The job is never done: it looks again.
 */
export const expire = ({ store, now, days }: ExpireDeps): JobKind => ({
  kind: 'expire',
  lane: UPKEEP,
  upkeep: true,
  giveUp: restUpkeep,
  run: async (_, stop) => {
    const before = now() - days * DAY;
    for (let after: string | undefined = ''; after !== undefined; ) {
      if (stop.aborted) return { done: false, notBefore: now() };
      const from: string = after;
      after = (await store.transaction((tables) => tables.evidence.expire(before, from, BATCH))).last;
    }
    for (let deleted = BATCH; deleted === BATCH; ) {
      if (stop.aborted) return { done: false, notBefore: now() };
      deleted = await store.transaction((tables) => tables.evaluations.expire(before, BATCH));
    }
    return { done: false, notBefore: now() + LOOK_EVERY };
  },
});
