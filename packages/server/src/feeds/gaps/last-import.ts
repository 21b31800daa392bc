import type { DatabaseSync } from 'node:sqlite';
import type { AdvisoryRecord, Gap } from '../../domain/advisories.ts';
import type { EntryCode } from '../index/entry-code.ts';
import { unpack } from '../index/pack.ts';
import { cveOf } from '../osv/cve-ids.ts';
import { sourceInTitle } from './fix-record.ts';
import { fixOf } from './staged-rebuilds.ts';

/** An index that was served before. */
export interface EarlierIndex {
  readonly database: DatabaseSync;
  readonly record: (id: string) => AdvisoryRecord | undefined;
  readonly gaps: readonly Gap[];
}

/** What the import before had of a release that its feeds have no more, and did not withdraw. */
export function lostSince(database: DatabaseSync, { database: earlier, record, gaps }: EarlierIndex): Gap[] {
  const feedsNow = new Map(
    database
      .prepare('SELECT name, feed FROM ecosystem')
      .all()
      .map((row) => [String(row.name), String(row.feed).split(', ')]),
  );
  const isThere = database.prepare('SELECT 1 FROM staging.entry WHERE record = ? AND ecosystem = ? LIMIT 1');
  const isNamed = database.prepare(
    'SELECT 1 FROM staging.entry WHERE record = ? AND ecosystem = ? AND package = ? LIMIT 1',
  );
  const isWithdrawn = database.prepare('SELECT 1 FROM staging.withdrawn WHERE id = ?');
  const isSaid = database.prepare('SELECT body FROM staging.entry WHERE ecosystem = ? AND package = ? AND record != ?');
  const now = database.prepare(
    'SELECT entries FROM main.package JOIN main.ecosystem ON ecosystem.id = package.ecosystem WHERE ecosystem.name = ? AND package.name = ? AND part = ?',
  );
  const isKnown = database.prepare('SELECT 1 FROM staging.record WHERE id = ? LIMIT 1');
  // A distribution's record of a CVE leaves out what turned out not to be affected. Alpine says so instead.
  const isHere = (id: string, ecosystem: string, name: string): boolean => {
    if (saysAll(id)) return isNamed.get(id, ecosystem, name) !== undefined;
    return (cveOf(id) === undefined ? isThere.get(id, ecosystem) : isKnown.get(id)) !== undefined;
  };
  const lost = (id: string, ecosystem: string, name: string): boolean =>
    !isHere(id, ecosystem, name) && !isWithdrawn.get(id);
  // The same fix in another record of the CVE: the record was only given another id.
  const renamed = (ecosystem: string, name: string, { id, cves }: AdvisoryRecord, fixed: string): boolean =>
    isSaid.all(ecosystem, name, id).some(({ body }) => {
      const code = JSON.parse(String(body)) as EntryCode;
      return (fixOf(name, code) ?? '') === fixed && cvesIn(database, code[0]).some((cve) => cves.includes(cve));
    });

  const found = gaps.filter(
    (gap) => gap.record !== undefined && feedsNow.has(gap.ecosystem) && lost(gap.record, gap.ecosystem, gap.package),
  );
  for (const row of earlier.prepare('SELECT id, name, feed FROM ecosystem').all()) {
    const ecosystem = String(row.name);
    const feeds = feedsNow.get(ecosystem);
    // A feed that was given up took its records along.
    if (
      !feeds ||
      !String(row.feed)
        .split(', ')
        .every((feed) => feeds.includes(feed))
    )
      continue;
    const had = earlier.prepare('SELECT name, part, entries FROM package WHERE ecosystem = ?');
    const gone = new Map<string, Map<string, string[]> | undefined>();
    for (const each of had.iterate(Number(row.id))) {
      const name = String(each.name);
      // What the sources say of the package as before, of that nothing is lost.
      if (isSame(each.entries, now.get(ecosystem, name, Number(each.part))?.entries)) continue;
      for (const code of unpack(each.entries) as EntryCode[]) {
        const [id] = code;
        if (saysAll(id)) {
          if (!lost(id, ecosystem, name)) continue;
          if (!gone.has(id)) gone.set(id, new Map());
        } else if (!gone.has(id)) gone.set(id, lost(id, ecosystem, name) ? new Map() : undefined);
        const fixes = gone.get(id);
        const fixed = fixOf(name, code) ?? '';
        fixes?.set(fixed, [...(fixes.get(fixed) ?? []), name]);
      }
    }
    for (const [id, fixes] of gone) {
      const said = fixes && record(id);
      if (said) found.push(...gapsOfRecord(ecosystem, said, fixes, renamed));
    }
  }
  return found;
}

/** Whether records of the kind name every package that they are about, also those that are not affected. */
const saysAll = (id: string): boolean => id.startsWith('ALPINE-');

/** Whether two columns of packed entries are the same. */
const isSame = (a: unknown, b: unknown): boolean =>
  a instanceof Uint8Array && b instanceof Uint8Array ? Buffer.compare(a, b) === 0 : a === b;

/**
 * One gap for each CVE and package; of an announcement, which names binary packages, for each CVE and fixed version: the
 * packages of one source have the same.
 */
function gapsOfRecord(
  ecosystem: string,
  record: AdvisoryRecord,
  fixes: ReadonlyMap<string, readonly string[]>,
  renamed: (ecosystem: string, name: string, record: AdvisoryRecord, fixed: string) => boolean,
): Gap[] {
  const { id, kind, cves, summary } = record;
  return [...fixes].flatMap(([fixed, all]) => {
    const left = all.filter((name) => !renamed(ecosystem, name, record, fixed));
    const together = kind === 'CVE' ? left.map((name) => [name]) : [left];
    return together.flatMap((names) => {
      const [shortest] = names.toSorted((a, b) => a.length - b.length);
      if (shortest === undefined) return [];
      const title = kind === 'CVE' || fixes.size > 1 ? undefined : sourceInTitle(summary);
      const source = title ?? shortest;
      return cves.map((cve): Gap => {
        return {
          ...{ ecosystem, cve, package: source.replace(/:.*$/, ''), names, record: id, shipped: true },
          sibling: `the import before (${id})`,
          siblingFixed: fixed === '' ? null : fixed,
          why: `the feed had ${id} for ${source} at an earlier import and has it no more, and did not withdraw it`,
        };
      });
    });
  });
}

function cvesIn(database: DatabaseSync, record: string): readonly string[] {
  const row = database.prepare('SELECT body FROM staging.record WHERE id = ? LIMIT 1').get(record);
  return row ? (JSON.parse(String(row.body)) as AdvisoryRecord).cves : [];
}
