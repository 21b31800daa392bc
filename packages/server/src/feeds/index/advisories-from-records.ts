import { createHash } from 'node:crypto';
import { DatabaseSync } from 'node:sqlite';
import { FeedFault } from '../feed-fault.ts';
import type { FeedItem } from '../imported-record.ts';
import { parseOsv } from '../osv/parse-osv.ts';
import { buildIndex } from './build-index.ts';
import { advisoriesIn, type OpenedAdvisories } from './open-advisories.ts';

/**
 * The advisories of a few OSV records (decoded JSON), in memory: read, merged and answered exactly as feeds are. Items of
 * other kinds may follow them. Throws {@link FeedFault} for a record that cannot be read; a withdrawn one, or one that
 * names no CVE, is left out as feeds leave it out.
 */
export async function advisoriesFromRecords(
  records: readonly unknown[],
  {
    more = [],
    updatedAt = 0,
    feed = 'records',
  }: { more?: readonly FeedItem[]; updatedAt?: number; feed?: string } = {},
): Promise<OpenedAdvisories> {
  const items = records.flatMap((record, index): FeedItem[] => {
    const outcome = parseOsv(record, `record ${index + 1}`);
    if ('item' in outcome) return [outcome.item];
    if (outcome.refusal === 'unreadable') throw new FeedFault(`${outcome.what}: ${outcome.reason}`);
    return [];
  });
  const digest = createHash('sha256').update(JSON.stringify(records)).digest('hex');
  const database = new DatabaseSync(':memory:');
  const origin = { name: feed, kind: 'osv', updatedAt, digest, records: items.length };
  await buildIndex(database, ':memory:', [{ origin, items: () => [...items, ...more] }]);
  return advisoriesIn(database);
}
