import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { sharedFile } from '../shared-data.ts';
import { feedsIn, gapsAfter, linesOf, osvFeed } from './take-for-gaps.ts';

/** Every so many records that an announcement names one is deleted, and of those of exploited CVEs. */
const EVERY = 20;
const EVERY_EXPLOITED = 2;

/** How well Debian's announcements, and other distributions with CISA, tell which records of CVEs are missing. */
export interface DebianGapAccuracy {
  /** CVEs whose record was deleted although an announcement names them, and those of them that are reported. */
  readonly deleted: number;
  readonly reported: number;
  /** Reports, those of them about a release or package that the record did not name, and those of none that was deleted. */
  readonly gaps: number;
  readonly wrong: number;
  readonly real: number;
  /** The same of records of CVEs that CISA knows, by two other distributions. */
  readonly exploited: {
    readonly deleted: number;
    readonly gaps: number;
    readonly wrong: number;
    readonly real: number;
  };
}

interface Osv {
  readonly id: string;
  readonly upstream?: readonly string[];
  readonly affected: readonly { readonly package: { readonly ecosystem: string; readonly name: string } }[];
}

const SIBLINGS = ['AlmaLinux', 'Alpine', 'SUSE'];
const SCORES = 'data/epss/epss_scores-2026-08-16.csv.gz';
const CATALOGUE = 'data/kev/known_exploited_vulnerabilities.json.gz';

export async function measureDebianGaps(folder: string): Promise<DebianGapAccuracy> {
  const lines = linesOf('Debian-2025-02-12').map((line) => ({ line, record: JSON.parse(line) as Osv }));
  const records = new Map(lines.flatMap(({ record }) => (cveOf(record) ? [[cveOf(record), record] as const] : [])));
  const releases = ['Debian:11', 'Debian:12', 'Debian:13'];
  const announced = new Set(
    lines.flatMap(({ record: { id, upstream = [], affected } }) =>
      /^D[SL]A-/.test(id) && affected.some(({ package: { ecosystem } }) => releases.includes(ecosystem))
        ? upstream
        : [],
    ),
  );
  const catalogue = JSON.parse(gunzipSync(readFileSync(sharedFile(CATALOGUE).file)).toString('utf8')) as {
    readonly vulnerabilities: readonly { readonly cveID: string }[];
  };
  const known = [...records.keys()];
  const byAnnouncement = known.filter((cve) => announced.has(cve)).filter((_, index) => index % EVERY === 0);
  const inCatalogue = new Set(catalogue.vulnerabilities.map(({ cveID }) => cveID));
  const byCatalogue = known.filter((cve) => inCatalogue.has(cve)).filter((_, index) => index % EVERY_EXPLOITED === 0);
  const gone = new Set([...byAnnouncement, ...byCatalogue]);
  const directory = feedsIn(folder, 'debian');
  const left = lines.filter(({ record }) => !gone.has(cveOf(record))).map(({ line }) => line);
  const gaps = await gapsAfter(directory, [
    osvFeed(directory, 'Debian', left),
    ...SIBLINGS.map((name) => osvFeed(directory, name, linesOf(name))),
    { name: 'epss', kind: 'epss', source: sharedFile(SCORES).file },
    { name: 'kev', kind: 'kev', source: sharedFile(CATALOGUE).file },
  ]);
  const ofDebian = gaps.filter(({ ecosystem }) => ecosystem.startsWith('Debian:'));
  const judged = ofDebian.map((gap) => {
    const record = records.get(gap.cve);
    const isNamed = record?.affected.some(
      (each) => each.package.ecosystem === gap.ecosystem && each.package.name === gap.package,
    );
    const verdict = record === undefined ? 'REAL' : gone.has(gap.cve) && isNamed ? 'RIGHT' : 'WRONG';
    return { gap, verdict, isAnnounced: gap.sibling.startsWith("Debian's") };
  });
  const count = (isAnnounced: boolean, verdict?: string): number =>
    judged.filter((each) => each.isAnnounced === isAnnounced && (verdict === undefined || each.verdict === verdict))
      .length;
  const numbers = (isAnnounced: boolean) => {
    return { gaps: count(isAnnounced), wrong: count(isAnnounced, 'WRONG'), real: count(isAnnounced, 'REAL') };
  };
  const seen = new Set(ofDebian.map(({ cve }) => cve));
  return {
    deleted: byAnnouncement.length,
    reported: byAnnouncement.filter((cve) => seen.has(cve)).length,
    ...numbers(true),
    exploited: { deleted: byCatalogue.length, ...numbers(false) },
  };
}

const cveOf = ({ id }: Osv): string => /^DEBIAN-(CVE-.*)$/.exec(id)?.[1] ?? '';
