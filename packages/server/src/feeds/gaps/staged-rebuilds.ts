import type { DatabaseSync } from 'node:sqlite';
import type { AdvisoryRecord } from '../../domain/advisories.ts';
import { decodeEntry, type EntryCode } from '../index/entry-code.ts';
import { type FixRecord, learnSources, numberOf } from './fix-record.ts';
import { asRebuilt } from './oracle-rebuild.ts';
import type { Rebuild } from './rebuild-gaps.ts';

/** Those that build the sources of Red Hat Enterprise Linux, and what their records name. */
const FAMILY = [
  { name: 'AlmaLinux', prefix: 'AlmaLinux:', names: 'BINARY' },
  { name: 'Oracle Linux', prefix: 'Oracle Linux:', names: 'BINARY' },
  { name: 'Red Hat', prefix: 'Red Hat:enterprise_linux:', names: 'BINARY' },
  { name: 'Rocky Linux', prefix: 'Rocky Linux:', names: 'SOURCE' },
] as const;

/** Red Hat's records of CVEs: they are no announcements, and say that there is no gap. */
const OF_CVES = 'REDHAT-CVE-*';

/** The rebuilds of one major release that the feeds hold, and the sources of their packages. */
export interface RebuiltRelease {
  readonly rebuilds: readonly Rebuild[];
  readonly sourceOf: ReadonlyMap<string, string>;
}

/** Every major release that at least two of the family are staged of. */
export function* stagedRebuilds(database: DatabaseSync): Generator<RebuiltRelease> {
  const staged = database.prepare('SELECT DISTINCT ecosystem FROM staging.entry').all();
  const found = staged.flatMap(({ ecosystem: value }) => {
    const ecosystem = String(value);
    const member = FAMILY.find(({ prefix }) => ecosystem.startsWith(prefix));
    const major = member && /^\d+/.exec(ecosystem.slice(member.prefix.length))?.[0];
    return member && major !== undefined ? [{ ecosystem, member, major }] : [];
  });
  const everNamed = new Map(FAMILY.map(({ name, prefix }) => [name, namesBelow(database, prefix)] as const));
  for (const major of new Set(found.map((each) => each.major))) {
    const members = FAMILY.flatMap((member) => {
      const ecosystems = found.filter((each) => each.member === member && each.major === major);
      if (ecosystems.length === 0) return [];
      const all = recordsOf(
        database,
        ecosystems.map(({ ecosystem }) => ecosystem),
      );
      const records = member.name === 'Oracle Linux' ? all.flatMap(asRebuilt) : all;
      if (records.length === 0) return [];
      const { name, prefix, names } = member;
      const rebuild = { ecosystem: `${prefix}${major}`, name, records, everNamed: everNamed.get(name) ?? new Set() };
      return [{ ...rebuild, names, isWitness: name === 'Oracle Linux' }];
    });
    if (members.length < 2) continue;
    const of = (names: 'SOURCE' | 'BINARY') => members.flatMap((each) => (each.names === names ? each.records : []));
    yield { rebuilds: members, sourceOf: learnSources(of('SOURCE'), of('BINARY')) };
  }
}

function namesBelow(database: DatabaseSync, prefix: string): ReadonlySet<string> {
  const rows = database.prepare(
    'SELECT DISTINCT package FROM staging.entry WHERE substr(ecosystem, 1, ?) = ? AND record NOT GLOB ?',
  );
  return new Set(rows.all(prefix.length, prefix, OF_CVES).map((row) => String(row.package)));
}

function recordsOf(database: DatabaseSync, ecosystems: readonly string[]): FixRecord[] {
  const fixes = new Map<string, Map<string, string>>();
  const entries = database.prepare(
    'SELECT package, record, body FROM staging.entry WHERE ecosystem = ? AND record NOT GLOB ?',
  );
  for (const ecosystem of ecosystems) {
    for (const row of entries.iterate(ecosystem, OF_CVES)) {
      const [name, id] = [String(row.package), String(row.record)];
      const fixed = fixOf(name, JSON.parse(String(row.body)) as EntryCode);
      if (fixed === undefined) continue;
      const of = fixes.get(id) ?? new Map<string, string>();
      fixes.set(id, of.set(name, of.get(name) ?? fixed));
    }
  }
  const record = database.prepare('SELECT body FROM staging.record WHERE id = ? ORDER BY modified DESC, body LIMIT 1');
  return [...fixes].flatMap(([id, of]) => {
    const row = record.get(id);
    if (!row) return [];
    const { cves, summary } = JSON.parse(String(row.body)) as AdvisoryRecord;
    return [{ id, number: numberOf(id), cves, summary, fixes: of }];
  });
}

/** The first version that a record says is fixed. */
export function fixOf(name: string, code: EntryCode): string | undefined {
  for (const event of decodeEntry(name, code).ranges.flat()) if ('fixed' in event) return event.fixed;
  return undefined;
}
