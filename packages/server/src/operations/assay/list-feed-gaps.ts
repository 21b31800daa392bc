import type { Gap } from '../../domain/advisories.ts';
import { gapKey, hostsWithGaps } from '../../engine/judging/hosts-with-gaps.ts';
import { readPage } from '../page.ts';
import type { AssayOperation } from './operation.ts';
import { assayPage } from './page.ts';

/** How long a count of hosts serves the pages that follow it, in milliseconds. */
const COUNTED_FOR = 60_000;

interface Counted {
  readonly digest: string;
  readonly scope: number;
  readonly at: number;
  readonly counts: ReadonlyMap<string, number>;
}

/** Feeds are the server's; the hosts that are counted are the caller's. */
export const listFeedGaps: AssayOperation<'ListFeedGaps', 'store' | 'knowledge' | 'tokens' | 'now'> = ({
  store,
  knowledge,
  tokens,
  now,
}) => {
  let last: Counted | undefined;
  return async (input, caller) => {
    const { scope } = caller;
    const request = assayPage(tokens, 'ListFeedGaps', caller, input);
    const snapshot = await knowledge.advisories?.current(scope);
    if (!snapshot) return { gaps: [] };
    try {
      const { digest, value } = snapshot;
      const fresh = last?.digest === digest && last.scope === scope && now() - last.at < COUNTED_FOR ? last : undefined;
      const { counts } = fresh ?? { counts: await hostsWithGaps(store, value, scope) };
      last = fresh ?? { digest, scope, at: now(), counts };
      const all = value
        .gaps(() => true)
        .map((gap) => ({ gap, hosts: counts.get(gapKey(gap)) ?? 0 }))
        .filter(({ gap, hosts }) => gap.shipped || hosts > 0)
        .map((each, index) => ({ ...each, index }));
      const { rows, nextToken } = await readPage(
        request,
        // Advisories that changed between two pages begin anew: an item may come twice, and none is left out.
        async (after, limit) => {
          const from = after?.id === digest.slice(0, 16) ? after.at + 1 : 0;
          return all.slice(from, from + limit);
        },
        ({ index }) => ({ at: index, id: digest.slice(0, 16) }),
      );
      return { digest, gaps: rows.map(({ gap, hosts }) => ({ ...shown(gap), hosts })), nextToken };
    } finally {
      snapshot.release();
    }
  };
};

const shown = ({ ecosystem, cve, package: name, sibling, siblingFixed, why }: Gap) => ({
  ...{ ecosystem, cve, package: name, sibling, why },
  ...(siblingFixed === null ? {} : { siblingFixed }),
});
