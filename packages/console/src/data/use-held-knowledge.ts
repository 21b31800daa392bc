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

export function useHeldKnowledge(): HeldKnowledge {
  const { assay } = useSession();
  const { data } = useData('held knowledge', () =>
    assay('ListFeeds', {}).then(
      ({ feeds }) => heldKnowledge(feeds),
      (): HeldKnowledge => ({ kev: undefined, epss: undefined }),
    ),
  );
  return data ?? { kev: undefined, epss: undefined };
}
