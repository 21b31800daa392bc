import type { AdvisoryRecord } from '../../domain/advisories.ts';
import { FeedFault } from '../feed-fault.ts';
import { instantOf, listOf, member, objectOf, proseOf, tokenOf } from '../hostile-value.ts';
import type { EcosystemEntry, FeedOutcome } from '../imported-record.ts';
import { affectedOf } from './affected.ts';
import { cveOf, cvesOf } from './cve-ids.ts';
import { linkOf } from './link.ts';
import { severityOf } from './severity.ts';

const MAX_AFFECTED = 50_000;
const MAX_NAMES = 10_000;
const MAX_SUMMARY = 300;
const MAX_DETAILS = 2_000;

/**
 * One record of OSV (https://ossf.github.io/osv-schema/) of any distribution. Never throws: what cannot be read is named
 * with its reason. A record that is withdrawn, or that announces no CVE's fix, is none.
 */
export function parseOsv(value: unknown, where: string): FeedOutcome {
  let what = where;
  try {
    const osv = objectOf(value, 'the record');
    const id = tokenOf(member(osv, 'id'), 'id', 100);
    what = id;
    const withdrawn = member(osv, 'withdrawn');
    if (withdrawn !== undefined && withdrawn !== null) {
      return { refusal: 'withdrawn', what, reason: `withdrawn ${instantOf(withdrawn) ?? ''}`.trim() };
    }
    const names = (name: string): readonly unknown[] => listOf(member(osv, name), name, MAX_NAMES);
    const cves = cvesOf(id, { upstream: names('upstream'), aliases: names('aliases'), related: names('related') });
    if (cves.length === 0) return { refusal: 'names no CVE', what, reason: 'it names no CVE' };
    const modified = instantOf(member(osv, 'modified'));
    if (modified === undefined) throw new FeedFault('modified is no instant');
    const published = instantOf(member(osv, 'published'));
    const summary = proseOf(member(osv, 'summary'), MAX_SUMMARY);
    const entries = entriesOf(id, member(osv, 'affected'));
    const severity = severityOf(id, member(osv, 'severity'), summary);
    const rating = severity.rating ?? commonUrgency(osv);
    const link = linkOf(id, member(osv, 'references'));
    const record: AdvisoryRecord = {
      id,
      kind: cveOf(id) === undefined ? 'ADVISORY' : 'CVE',
      cves,
      summary,
      details: proseOf(member(osv, 'details'), MAX_DETAILS),
      cvss: severity.cvss,
      ...(rating !== undefined && { rating }),
      ...(link !== undefined && { link }),
      ...(published !== undefined && { published }),
      modified,
    };
    return { item: { kind: 'advisory', advisory: { record, entries } }, notes: severity.notes };
  } catch (error) {
    if (!(error instanceof FeedFault)) throw error;
    return { refusal: 'unreadable', what, reason: error.message };
  }
}

const entriesOf = (id: string, affected: unknown): EcosystemEntry[] =>
  listOf(affected, 'affected', MAX_AFFECTED).flatMap((each) => affectedOf(id, each) ?? []);

/** Ubuntu's older records have the priority on each package, and it is the record's. */
function commonUrgency(osv: Readonly<Record<string, unknown>>): string | undefined {
  for (const each of listOf(member(osv, 'affected'), 'affected', MAX_AFFECTED)) {
    const specific = member(objectOf(each, 'an affected entry'), 'ecosystem_specific');
    const priority = specific === undefined ? undefined : member(objectOf(specific, 'it'), 'ubuntu_priority');
    if (priority !== undefined) return tokenOf(priority, 'ubuntu_priority', 40).toLowerCase();
  }
  return undefined;
}
