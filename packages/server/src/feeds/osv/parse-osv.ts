import type { AdvisoryRecord } from '../../domain/advisories.ts';
import { FeedFault } from '../feed-fault.ts';
import { instantOf, listOf, member, objectOf, proseOf, tokenOf } from '../hostile-value.ts';
import type { EcosystemEntry, FeedOutcome } from '../imported-record.ts';
import { affectedOf, namedPackages } from './affected.ts';
import { cveOf, cvesOf } from './cve-ids.ts';
import { linkOf } from './link.ts';
import { ornament } from './ornament.ts';
import { severityOf } from './severity.ts';

const MAX_AFFECTED = 50_000;
const MAX_NAMES = 10_000;
const MAX_SUMMARY = 300;
const MAX_DETAILS = 2_000;

/** Of a record that does not say when it was changed: any copy that does tells more. */
const UNDATED = '1970-01-01T00:00:00Z';

/**
 * One record of OSV (https://ossf.github.io/osv-schema/) of any distribution. Never throws: what cannot be read is named
 * with its reason, and the packages that it is about stay known where their names can be read. A record that is
 * withdrawn, or that announces no CVE's fix, is left out.
 */
export function parseOsv(value: unknown, where: string): FeedOutcome {
  let what = where;
  let osv: Readonly<Record<string, unknown>> = {};
  let cves: readonly string[] = [];
  try {
    osv = objectOf(value, 'the record');
    const id = tokenOf(member(osv, 'id'), 'id', 100);
    what = id;
    const own = cveOf(id);
    cves = own === undefined ? [] : [own];
    const withdrawn = member(osv, 'withdrawn');
    if (withdrawn !== undefined && withdrawn !== null) {
      const instant = instantOf(withdrawn);
      if (instant === undefined) throw new FeedFault('withdrawn is no instant');
      return { refusal: 'withdrawn', what, reason: `withdrawn ${instant}`, ...modifiedOf(osv) };
    }
    if (own === undefined) cves = cvesNamed(id, osv);
    if (cves.length === 0) return { refusal: 'names no CVE', what, reason: 'it names no CVE', ...modifiedOf(osv) };
    return read(id, cves, osv);
  } catch (error) {
    if (!(error instanceof FeedFault)) throw error;
    const refusal = { refusal: 'unreadable', what, reason: error.message, ...modifiedOf(osv) } as const;
    const entries = what === where ? [] : namedPackages(what, member(osv, 'affected'), error.message);
    if (entries.length === 0) return refusal;
    const modified = instantOf(member(osv, 'modified')) ?? UNDATED;
    const kind = cveOf(what) === undefined ? 'ADVISORY' : 'CVE';
    const record: AdvisoryRecord = { id: what, kind, cves, summary: '', details: '', cvss: [], modified };
    return { item: { kind: 'advisory', advisory: { record, entries } }, unreadable: [error.message] };
  }
}

function modifiedOf(osv: Readonly<Record<string, unknown>>): { readonly modified?: string } {
  const modified = instantOf(member(osv, 'modified'));
  return modified === undefined ? {} : { modified };
}

function cvesNamed(id: string, osv: Readonly<Record<string, unknown>>): readonly string[] {
  const names = (name: string): readonly unknown[] => listOf(member(osv, name), name, MAX_NAMES);
  return cvesOf(id, { upstream: names('upstream'), aliases: names('aliases'), related: names('related') });
}

function read(id: string, cves: readonly string[], osv: Readonly<Record<string, unknown>>): FeedOutcome {
  const notes: string[] = [];
  const unreadable: string[] = [];
  const unplaced: string[] = [];
  const entries: EcosystemEntry[] = [];
  for (const each of listOf(member(osv, 'affected'), 'affected', MAX_AFFECTED)) {
    const outcome = affectedOf(id, each);
    if (!outcome) continue;
    if (outcome.fault !== undefined) unreadable.push(outcome.fault);
    if (!('entry' in outcome)) unplaced.push(outcome.fault);
    else {
      entries.push(outcome.entry);
      notes.push(...outcome.notes);
    }
  }
  if (entries.length === 0 && unplaced[0] !== undefined) throw new FeedFault(unplaced[0]);
  const modified = instantOf(member(osv, 'modified'));
  if (modified === undefined) notes.push('modified is no instant');
  const published = instantOf(member(osv, 'published'));
  const summary = proseOf(member(osv, 'summary'), MAX_SUMMARY);
  const severity = ornament(notes, () => severityOf(id, member(osv, 'severity'), summary));
  const rating = severity?.rating ?? ornament(notes, () => commonUrgency(osv));
  const link = ornament(notes, () => linkOf(id, member(osv, 'references'))) ?? linkOf(id, []);
  const record: AdvisoryRecord = {
    id,
    kind: cveOf(id) === undefined ? 'ADVISORY' : 'CVE',
    cves,
    summary,
    details: proseOf(member(osv, 'details'), MAX_DETAILS),
    cvss: severity?.cvss ?? [],
    ...(rating !== undefined && { rating }),
    ...(link !== undefined && { link }),
    ...(published !== undefined && { published }),
    modified: modified ?? UNDATED,
  };
  return {
    item: { kind: 'advisory', advisory: { record, entries } },
    notes: [...notes, ...(severity?.notes ?? [])],
    ...(unreadable.length > 0 && { unreadable }),
    ...(unplaced.length > 0 && { unplaced }),
  };
}

/** Ubuntu's older records have the priority on each package, and it is the record's. */
function commonUrgency(osv: Readonly<Record<string, unknown>>): string | undefined {
  for (const each of listOf(member(osv, 'affected'), 'affected', MAX_AFFECTED)) {
    const specific = member(objectOf(each, 'an affected entry'), 'ecosystem_specific');
    const priority = specific === undefined ? undefined : member(objectOf(specific, 'it'), 'ubuntu_priority');
    if (priority !== undefined) return tokenOf(priority, 'ubuntu_priority', 40).toLowerCase();
  }
  return undefined;
}
