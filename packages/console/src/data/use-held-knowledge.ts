import type { CallAssay } from '../api.ts';
import { useDrawn } from '../app/first-view.ts';
import { useSession } from '../app/session-context.ts';
import { useData } from '../app/use-data.ts';

/** Whether the server holds what says which vulnerabilities are exploited; undefined where the key may not know. */
export interface HeldKnowledge {
  readonly kev: boolean | undefined;
  readonly epss: boolean | undefined;
}

interface HeldFeed {
  readonly kind?: string | undefined;
  readonly records: number;
}

export const heldKnowledge = (feeds: readonly HeldFeed[]): HeldKnowledge => {
  const holds = (wanted: string): boolean => feeds.some(({ kind, records }) => kind === wanted && records > 0);
  return { kev: holds('kev'), epss: holds('epss') };
};

const NOT_KNOWN: HeldKnowledge = { kev: undefined, epss: undefined };
const asked = new WeakMap<CallAssay, Promise<HeldKnowledge>>();

/**
 * Asked for once in a session, when the page is drawn: a feed that is downloaded meanwhile counts when the console is loaded
 * again.
 */
export function useHeldKnowledge(): HeldKnowledge {
  const { assay } = useSession();
  const drawn = useDrawn();
  const { data } = useData(`held knowledge ${drawn}`, () => {
    if (!drawn) return Promise.resolve(NOT_KNOWN);
    const known =
      asked.get(assay) ??
      assay('ListFeeds', {}).then(
        ({ feeds }) => heldKnowledge(feeds),
        () => NOT_KNOWN,
      );
    asked.set(assay, known);
    return known;
  });
  return data ?? NOT_KNOWN;
}
