import { FeedFault } from '../feed-fault.ts';
import { listOf, member, objectOf } from '../hostile-value.ts';
import type { FeedOutcome } from '../imported-record.ts';
import { cveOf } from '../osv/cve-ids.ts';
import { wholeJson } from './whole-json.ts';

const MAX_BYTES = 64 * 1024 * 1024;
const MAX_ENTRIES = 200_000;

/** CISA's catalogue of known exploited vulnerabilities, as JSON. Throws {@link FeedFault} where it is none. */
export async function* kevFile(path: string): AsyncGenerator<FeedOutcome> {
  const list = member(objectOf(await wholeJson(path, MAX_BYTES), 'the catalogue'), 'vulnerabilities');
  if (!Array.isArray(list)) throw new FeedFault('it is no catalogue of vulnerabilities');
  for (const [index, value] of listOf(list, 'vulnerabilities', MAX_ENTRIES).entries()) {
    const entry = typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : {};
    const [id, added] = [member(entry, 'cveID'), member(entry, 'dateAdded')];
    const cve = typeof id === 'string' ? cveOf(id) : undefined;
    if (cve === undefined || typeof added !== 'string' || !/^\d{4}-\d\d-\d\d$/.test(added)) {
      yield { refusal: 'unreadable', what: cve ?? `entry ${index + 1}`, reason: 'it has no CVE with a date' };
    } else {
      yield { item: { kind: 'knownExploited', cve, added } };
    }
  }
}
