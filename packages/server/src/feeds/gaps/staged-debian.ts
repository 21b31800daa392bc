import type { DatabaseSync } from 'node:sqlite';
import type { AdvisoryRecord, Gap } from '../../domain/advisories.ts';
import { cveKey, cveOfKey } from '../index/cve-key.ts';
import type { EntryCode } from '../index/entry-code.ts';
import { type Announcement, announcementGaps, type TrackedRelease } from './announcement-gaps.ts';
import { type ExploitedSource, exploitedGaps, familyOf } from './exploited-gaps.ts';
import { fixOf } from './staged-rebuilds.ts';

/** A release that has less than this share of the records of the fullest one is tracked no more, or not yet. */
const TRACKED = 0.1;
/** A CVE is scored within days of its publication, in milliseconds. */
const SCORED_WITHIN = 60 * 24 * 3_600_000;
/** Publishers of records whose ids are made of the CVE's. */
const OWN_RECORDS = ['ALPINE', 'BELL', 'PHOTON', 'REDHAT', 'UBUNTU'];

/** What Debian's own announcements, and other distributions with CISA, tell that Debian's records of CVEs lack. */
export function debianGaps(database: DatabaseSync): Gap[] {
  const records = database.prepare("SELECT 1 FROM staging.record WHERE id = 'DEBIAN-' || ? LIMIT 1");
  const isRecorded = (cve: string): boolean => records.get(cve) !== undefined;
  const releases = trackedReleases(database);
  if (releases.length === 0) return [];
  const isWithdrawn = withdrawnCves(database, releases);
  const ofAnnouncements = announcementGaps(releases, (cve) => isRecorded(cve) || isWithdrawn(cve));
  return [...ofAnnouncements, ...exploitedGaps(releases, exploitedSources(database, isRecorded), isRecorded)];
}

interface DatedAnnouncement extends Announcement {
  readonly at: number;
}

interface StagedRelease extends TrackedRelease {
  readonly announcements: readonly DatedAnnouncement[];
}

function trackedReleases(database: DatabaseSync): StagedRelease[] {
  const said = database.prepare(
    `SELECT ecosystem, package, count(*) AS records FROM (
       SELECT ecosystem, package, record FROM staging.entry WHERE record GLOB 'DEBIAN-CVE-*'
       UNION SELECT ecosystem, package, record FROM staging.disposition WHERE record GLOB 'DEBIAN-CVE-*'
     ) WHERE ecosystem GLOB 'Debian:*' GROUP BY 1, 2`,
  );
  const releases = new Map<string, { readonly packages: Set<string>; records: number }>();
  for (const row of said.iterate()) {
    const ecosystem = String(row.ecosystem);
    const release = releases.get(ecosystem) ?? { packages: new Set(), records: 0 };
    releases.set(ecosystem, release);
    release.packages.add(String(row.package));
    release.records += Number(row.records);
  }
  const fullest = Math.max(0, ...[...releases.values()].map(({ records }) => records));
  return [...releases]
    .filter(([, { records }]) => records >= fullest * TRACKED)
    .map(([ecosystem, { packages }]) => ({
      ...{ ecosystem, packages },
      announcements: announcementsOf(database, ecosystem),
    }))
    .sort((a, b) => numberOf(a.ecosystem) - numberOf(b.ecosystem));
}

const numberOf = (ecosystem: string): number => Number(/:(\d+)/.exec(ecosystem)?.[1] ?? 0);

function announcementsOf(database: DatabaseSync, ecosystem: string): DatedAnnouncement[] {
  const fixes = new Map<string, Map<string, string>>();
  const entries = database.prepare(
    "SELECT package, record, body FROM staging.entry WHERE ecosystem = ? AND (record GLOB 'DSA-*' OR record GLOB 'DLA-*') ORDER BY record, package, modified, body",
  );
  for (const row of entries.iterate(ecosystem)) {
    const [name, id] = [String(row.package), String(row.record)];
    const fixed = fixOf(name, JSON.parse(String(row.body)) as EntryCode);
    if (fixed !== undefined) fixes.set(id, (fixes.get(id) ?? new Map<string, string>()).set(name, fixed));
  }
  const record = database.prepare('SELECT body FROM staging.record WHERE id = ? ORDER BY modified DESC, body LIMIT 1');
  return [...fixes].flatMap(([id, of]): DatedAnnouncement[] => {
    const row = record.get(id);
    if (!row) return [];
    const { cves, published, modified } = JSON.parse(String(row.body)) as AdvisoryRecord;
    const named = cves.filter((cve) => cveKey(cve) !== undefined);
    return [{ id, cves: named, fixes: of, at: Date.parse(published ?? modified) }];
  });
}

/**
 * Whether a CVE was rejected after it was announced: FIRST scores every CVE that stands, so one without a score long after
 * its announcement does not. Where there are no scores, none is said to be.
 */
function withdrawnCves(database: DatabaseSync, releases: readonly StagedRelease[]): (cve: string) => boolean {
  if (database.prepare('SELECT 1 FROM fact WHERE score IS NOT NULL LIMIT 1').get() === undefined) return () => false;
  const score = database.prepare('SELECT 1 FROM fact WHERE cve = ? AND score IS NOT NULL');
  const announced = new Map<string, number>();
  for (const { cves, at } of releases.flatMap(({ announcements }) => announcements)) {
    for (const cve of cves) announced.set(cve, Math.min(at, announced.get(cve) ?? at));
  }
  const newest = Math.max(...announced.values());
  return (cve) => {
    const key = cveKey(cve);
    if (key === undefined || score.get(key) !== undefined) return false;
    return (announced.get(cve) ?? newest) < newest - SCORED_WITHIN;
  };
}

/** The source packages that distributions beside Debian have records of each exploited CVE for that Debian does not know. */
function exploitedSources(database: DatabaseSync, isRecorded: (cve: string) => boolean): ExploitedSource[] {
  const catalogue = database.prepare('SELECT cve FROM fact WHERE exploited IS NOT NULL ORDER BY cve').all();
  const missing = new Map(
    catalogue.map(({ cve }) => [Number(cve), cveOfKey(Number(cve))] as const).filter(([, cve]) => !isRecorded(cve)),
  );
  const records = new Map<string, string>();
  for (const cve of missing.values()) {
    for (const publisher of OWN_RECORDS) records.set(`${publisher}-${cve}`, cve);
  }
  const links = database.prepare(
    'SELECT cve, record FROM staging.link JOIN fact USING (cve) WHERE exploited IS NOT NULL',
  );
  for (const { cve: key, record } of links.iterate()) {
    const cve = missing.get(Number(key));
    if (cve !== undefined) records.set(String(record), cve);
  }
  const entries = database.prepare('SELECT ecosystem, package, body FROM staging.entry WHERE record = ?');
  const knowing = new Map<
    string,
    { readonly cve: string; readonly source: string; readonly who: Map<string, string> }
  >();
  for (const [record, cve] of records) {
    for (const row of entries.iterate(record)) {
      const [ecosystem, source] = [String(row.ecosystem), String(row.package)];
      // That it is not affected is no record of a fault.
      if ((JSON.parse(String(row.body)) as EntryCode)[2]?.d === 'NOT_AFFECTED') continue;
      const key = `${cve} ${source}`;
      const of = knowing.get(key) ?? { cve, source, who: new Map<string, string>() };
      knowing.set(key, of);
      const family = familyOf(ecosystem);
      const [name = ecosystem] = ecosystem.split(':');
      if (family !== 'Debian' && (of.who.get(family) ?? '~') > name) of.who.set(family, name);
    }
  }
  return [...knowing.values()].map(({ cve, source, who }) => ({ cve, source, unrelated: [...who.values()].sort() }));
}
