import type { FeedOutcome } from '../imported-record.ts';

/** The outcome with the part of the distribution that all of it is of. */
export function inRepository(outcome: FeedOutcome, repository: string): FeedOutcome {
  if (!('item' in outcome) || outcome.item.kind !== 'advisory') return outcome;
  const { record, entries } = outcome.item.advisory;
  const part =
    repository === 'core' || entries.some(({ ecosystem }) => !ecosystem.startsWith('Amazon Linux:'))
      ? {}
      : { repository };
  const placed = entries.map((entry) => ({ ...entry, affected: { ...entry.affected, ...part }, repository }));
  return { ...outcome, item: { kind: 'advisory', advisory: { record, entries: placed } } };
}
