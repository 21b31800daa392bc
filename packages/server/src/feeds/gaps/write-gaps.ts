import type { Hash } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';
import type { AdvisoryRecord, Gap } from '../../domain/advisories.ts';
import { cveKey } from '../index/cve-key.ts';
import type { EntryCode } from '../index/entry-code.ts';
import { pack } from '../index/pack.ts';
import { cveOf } from '../osv/cve-ids.ts';
import { type Branch, branchGaps } from './branch-gaps.ts';
import { type EarlierIndex, lostSince } from './last-import.ts';
import { rebuildGaps } from './rebuild-gaps.ts';
import { debianGaps } from './staged-debian.ts';
import { fixOf, stagedRebuilds } from './staged-rebuilds.ts';

/** The most that are kept of one ecosystem: a feed that lost more is broken as a whole. */
const MAX_GAPS = 50_000;

/** Looks for what the staged feeds forgot, by each other and by what was served before, and writes it into the index. */
export function writeGaps(database: DatabaseSync, hash: Hash, earlier: EarlierIndex | undefined): void {
  database.exec('CREATE INDEX staging.entry_of ON entry (ecosystem, package)');
  database.exec('CREATE INDEX staging.entry_record ON entry (record, ecosystem)');
  database.exec('CREATE INDEX staging.record_id ON record (id)');
  const all = [
    ...[...stagedRebuilds(database)].flatMap(({ rebuilds, sourceOf }) => rebuildGaps(rebuilds, sourceOf)),
    ...branchGaps(alpineBranches(database)),
    ...debianGaps(database),
    ...(earlier ? lostSince(database, earlier) : []),
  ];
  const exploited = database.prepare('SELECT exploited FROM fact WHERE cve = ? AND exploited IS NOT NULL');
  const ofCve = database.prepare(
    "SELECT 1 FROM staging.entry WHERE record = 'REDHAT-' || ? AND package = ? AND substr(ecosystem, 1, ?) = ? LIMIT 1",
  );
  // What one feed of a distribution forgot, another has.
  const isSpokenOf = ({ cve, package: source, names, ecosystem }: Gap): boolean =>
    [`${source}.src`, ...names].some((name) => ofCve.get(cve, name, ecosystem.length, ecosystem) !== undefined);
  const insert = database.prepare('INSERT INTO gap VALUES (?, ?)');
  const byEcosystem = new Map<string, Map<string, Gap>>();
  for (const gap of all) {
    const of = byEcosystem.get(gap.ecosystem) ?? new Map<string, Gap>();
    byEcosystem.set(gap.ecosystem, of);
    if (gap.ecosystem.startsWith('Red Hat:') && isSpokenOf(gap)) continue;
    const key = JSON.stringify([gap.cve, gap.package, gap.siblingFixed]);
    if (!of.has(key) && of.size < MAX_GAPS) of.set(key, gap);
  }
  for (const [ecosystem, of] of [...byEcosystem].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const gaps = [...of].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, gap]) => withKev(gap, exploited));
    const json = JSON.stringify(gaps);
    hash.update(`${json}\n`);
    insert.run(ecosystem, pack(json));
  }
}

function withKev(gap: Gap, exploited: ReturnType<DatabaseSync['prepare']>): Gap {
  const known = exploited.get(cveKey(gap.cve) ?? -1);
  return known ? { ...gap, exploited: true, why: `${gap.why}. CISA knows the CVE to be exploited` } : gap;
}

function alpineBranches(database: DatabaseSync): Branch[] {
  const branches = new Map<string, Map<string, Map<string, string>>>();
  const cvesOf = new Map<string, readonly string[]>();
  const record = database.prepare('SELECT body FROM staging.record WHERE id = ? LIMIT 1');
  const rows = database.prepare(
    "SELECT ecosystem, package, record, body FROM staging.entry WHERE ecosystem GLOB 'Alpine:v*'",
  );
  for (const row of rows.iterate()) {
    const [name, id] = [String(row.package), String(row.record)];
    const fixed = fixOf(name, JSON.parse(String(row.body)) as EntryCode);
    if (fixed === undefined) continue;
    const own = cveOf(id);
    const cves = own === undefined ? (cvesOf.get(id) ?? read(record, id)) : [own];
    cvesOf.set(id, cves);
    const packages = branches.get(String(row.ecosystem)) ?? new Map<string, Map<string, string>>();
    branches.set(String(row.ecosystem), packages);
    const fixes = packages.get(name) ?? new Map<string, string>();
    packages.set(name, fixes);
    for (const cve of cves) fixes.set(cve, fixed);
  }
  const minor = (ecosystem: string): number => Number(/v\d+\.(\d+)$/.exec(ecosystem)?.[1] ?? 0);
  return [...branches]
    .map(([ecosystem, packages]) => ({ ecosystem, packages }))
    .sort((a, b) => minor(a.ecosystem) - minor(b.ecosystem));
}

function read(record: ReturnType<DatabaseSync['prepare']>, id: string): readonly string[] {
  const row = record.get(id);
  return row ? (JSON.parse(String(row.body)) as AdvisoryRecord).cves : [];
}
