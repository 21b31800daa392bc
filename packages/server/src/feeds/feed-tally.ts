import type { UnreadableRecords } from '../domain/advisories.ts';
import type { FeedItem, FeedOutcome } from './imported-record.ts';

const MAX_EXAMPLES = 20;
const UNDATED = '1970-01-01T00:00:00Z';

/** What is told of a feed as a whole: of when its newest record is, and what could not be read of it. */
export interface FeedTally {
  readonly count: (outcome: FeedOutcome) => void;
  readonly told: () => { readonly newestAt?: number; readonly unreadable?: UnreadableRecords };
}

export function feedTally(): FeedTally {
  let newest = '';
  let count = 0;
  const examples: string[] = [];
  const miss = (what: string, reason: string): void => {
    count += 1;
    if (examples.length < MAX_EXAMPLES) examples.push(`${what}: ${reason}`);
  };
  return {
    count: (outcome) => {
      if ('item' in outcome) {
        const date = dateOf(outcome);
        if (date > newest) newest = date;
        if (outcome.unplaced) miss(nameOf(outcome.item), outcome.unplaced[0] ?? '');
      } else if (outcome.refusal === 'unreadable' && !outcome.elsewhere) {
        miss(outcome.what, outcome.reason);
      }
    },
    told: () => ({
      ...(newest > UNDATED && { newestAt: Date.parse(newest) }),
      ...(count > 0 && { unreadable: { count, examples } }),
    }),
  };
}

export function nameOf(item: FeedItem): string {
  if (item.kind === 'advisory') return item.advisory.record.id;
  if (item.kind === 'support') return item.support.release;
  return item.kind === 'withdrawn' ? item.id : item.cve;
}

/** Dates of ISO 8601 in UTC order as texts. */
function dateOf({ item, asOf }: Extract<FeedOutcome, { readonly item: unknown }>): string {
  if (asOf !== undefined) return asOf;
  if (item.kind === 'advisory') return item.advisory.record.modified;
  return item.kind === 'knownExploited' ? item.added : '';
}
