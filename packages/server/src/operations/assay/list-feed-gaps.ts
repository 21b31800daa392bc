import type { Gap } from '../../domain/advisories.ts';
import { allGaps } from '../../engine/judging/open-gaps-of.ts';
import { readPage } from '../page.ts';
import type { AssayOperation } from './operation.ts';
import { assayPage } from './page.ts';

/** How long an answer waits for hosts to be counted, in milliseconds: what was counted by then is told. */
const PATIENCE = 2000;

/** Feeds are the server's; the hosts that are counted are the caller's. */
export const listFeedGaps: AssayOperation<'ListFeedGaps', 'knowledge' | 'countGaps' | 'tokens' | 'pause'> =
  ({ knowledge, countGaps, tokens, pause }) =>
  async (input, caller) => {
    const { scope } = caller;
    const request = assayPage(tokens, 'ListFeedGaps', caller, input);
    const snapshot = await knowledge.advisories?.current(scope);
    if (!snapshot) return { gaps: [] };
    try {
      const { digest, value } = snapshot;
      const counted = await countGaps(scope, digest, () => pause(PATIENCE));
      const all = allGaps(value).flatMap((gap, at) => {
        const hosts = counted?.hosts[at] ?? 0;
        return gap.shipped || hosts > 0 ? [{ gap, hosts, at }] : [];
      });
      const id = digest.slice(0, 16);
      const { rows, nextToken } = await readPage(
        request,
        // Advisories that changed between two pages begin anew: an item may come twice, and none is left out.
        async (after, limit) => {
          const from = after?.id === id ? after.at : -1;
          const first = all.findIndex(({ at }) => at > from);
          return first < 0 ? [] : all.slice(first, first + limit);
        },
        ({ at }) => ({ at, id }),
      );
      const complete = counted?.complete ?? false;
      return { digest, gaps: rows.map(({ gap, hosts }) => ({ ...shown(gap), hosts })), complete, nextToken };
    } finally {
      snapshot.release();
    }
  };

const shown = ({ ecosystem, cve, package: name, sibling, siblingFixed, why }: Gap) => ({
  ...{ ecosystem, cve, package: name, sibling, why },
  ...(siblingFixed === null ? {} : { siblingFixed }),
});
