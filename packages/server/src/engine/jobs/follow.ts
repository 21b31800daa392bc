import { type FollowDeps, followAdvisories } from '../judging/follow-advisories.ts';
import { restUpkeep } from './give-up.ts';
import type { JobKind } from './job.ts';
import { UPKEEP } from './lanes.ts';

/** How often new advisories are looked for, in milliseconds. */
const LOOK_EVERY = 60_000;

/** Watches for new advisories, for as long as there is a server: the job is never done. */
export const follow = (deps: FollowDeps & { readonly log: (line: string) => void }): JobKind => ({
  kind: 'follow',
  lane: UPKEEP,
  upkeep: true,
  giveUp: restUpkeep,
  run: async () => {
    for (const { arn, before } of await followAdvisories(deps)) {
      deps.log(`New advisories: the run ${before} is reassessed as ${arn}`);
    }
    return { done: false, notBefore: deps.now() + LOOK_EVERY };
  },
});
