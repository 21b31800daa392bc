import { DatabaseSync } from 'node:sqlite';
import type {
  Advisories,
  AffectedPackage,
  Coverage,
  CveFacts,
  Gap,
  UnreadableRecords,
} from '../../domain/advisories.ts';
import { dateOf } from '../../domain/feed-reference.ts';
import type { ReleaseSupport, SourcedSupport } from '../../domain/release-support.ts';
import { FeedFault } from '../feed-fault.ts';
import { remembering } from './bounded-cache.ts';
import { cveKey } from './cve-key.ts';
import { decodeEntry, type EntryCode } from './entry-code.ts';
import type { FeedOrigin } from './feed-origin.ts';
import { unpack, unpackText } from './pack.ts';
import { recordBlock } from './record-block.ts';
import { INDEX_VERSION, SCORE_OF_ONE } from './schema.ts';

/** Advisories that are read from an index on disk as they are asked for. */
export interface OpenedAdvisories extends Advisories {
  /** Every feed that is in it, by name. */
  readonly feeds: readonly FeedOrigin[];
  readonly close: () => void;
}

/** What distributions put before a CVE's id for their own record of it. */
const OWN_PREFIXES = ['', 'DEBIAN-', 'UBUNTU-', 'ALPINE-', 'BELL-', 'REDHAT-'];

const MAX_PACKAGES = 2_000;
const MAX_RECORDS = 10_000;
/** Some ten kilobytes each. */
const MAX_BLOCKS = 500;
const MAX_FACTS = 10_000;
const MAX_RELEASES = 100;
const MAX_MAPPED = 1024 ** 3;

/** Opens an index file. Throws {@link FeedFault} where it is none, or one of another version. */
export function openAdvisories(file: string): OpenedAdvisories {
  let database: DatabaseSync | undefined;
  try {
    database = new DatabaseSync(file, { readOnly: true });
    // One transaction for as long as it is open: nobody writes to it, and each read would lock and look at the file again.
    database.exec(`PRAGMA mmap_size = ${MAX_MAPPED}; BEGIN`);
    return advisoriesIn(database);
  } catch (error) {
    database?.close();
    if (error instanceof FeedFault || !(error instanceof Error)) throw error;
    throw new FeedFault(`${file} is no index of advisories (${error.message})`);
  }
}

/** The advisories of an index that is open. */
export function advisoriesIn(database: DatabaseSync): OpenedAdvisories {
  const meta = new Map(
    database
      .prepare('SELECT key, value FROM meta')
      .all()
      .map((row) => [String(row.key), String(row.value)]),
  );
  if (meta.get('version') !== INDEX_VERSION) {
    throw new FeedFault('the index of advisories is of another version: run assay feeds update');
  }
  const coverages = readCoverages(database);
  const packageRows = database.prepare('SELECT entries FROM package WHERE ecosystem = ? AND name = ? ORDER BY part');
  const firstRow = database.prepare('SELECT first FROM records WHERE first <= ? ORDER BY first DESC LIMIT 1');
  const blockRow = database.prepare('SELECT body FROM records WHERE first = ?');
  const linkRow = database.prepare('SELECT ids FROM advisories WHERE cve = ?');
  const factRow = database.prepare('SELECT exploited, score, percentile FROM fact WHERE cve = ?');

  const affected = remembering(MAX_PACKAGES, (key): readonly AffectedPackage[] => {
    const [id, name] = [Number(key.slice(0, key.indexOf(' '))), key.slice(key.indexOf(' ') + 1)];
    return packageRows
      .all(id, name)
      .flatMap((row) => (unpack(row.entries) as EntryCode[]).map((entry) => decodeEntry(name, entry)));
  });
  // Neighbours are asked for soon: a package's records are of the same years.
  const block = remembering(MAX_BLOCKS, (first) => unpackText(blockRow.get(first)?.body));
  const record = remembering(MAX_RECORDS, (id) => {
    const row = firstRow.get(id);
    return row && recordBlock.read(block(String(row.first)), id);
  });

  const feeds = JSON.parse(meta.get('feeds') ?? '[]') as FeedOrigin[];
  const supportRow = database.prepare('SELECT feed, said FROM support WHERE release = ?');
  const support = remembering(MAX_RELEASES, (release): readonly SourcedSupport[] =>
    supportRow.all(release).map((row) => {
      const [source, said] = [String(row.feed), JSON.parse(String(row.said)) as ReleaseSupport];
      const origin = feeds.find(({ name }) => name === source);
      return { ...said, source, date: origin ? dateOf(origin) : 0 };
    }),
  );

  const facts = remembering(MAX_FACTS, (cve) => factsOf(factRow.get(cveKey(cve) ?? -1)));

  return {
    digest: meta.get('digest') ?? '',
    feeds,
    coverage: (ecosystem) => coverages.get(ecosystem)?.coverage,
    ecosystems: () => [...coverages.keys()],
    affected: (ecosystem, packageName) => {
      const id = coverages.get(ecosystem)?.id;
      return id === undefined ? [] : affected(`${id} ${packageName}`);
    },
    record,
    advisoriesFor: (ecosystem, cve) => {
      const [id, key] = [coverages.get(ecosystem)?.id, cveKey(cve)];
      const row = id === undefined || key === undefined ? undefined : linkRow.get(key);
      if (id === undefined || !row) return [];
      const links = unpack(row.ids) as [string, ...number[]][];
      return links.flatMap(([advisory, ...ecosystems]) => (ecosystems.includes(id) ? (record(advisory) ?? []) : []));
    },
    recordsOf: (cve) => {
      const row = linkRow.get(cveKey(cve) ?? -1);
      const links = row ? (unpack(row.ids) as [string, ...number[]][]).map(([id]) => id) : [];
      const own = OWN_PREFIXES.map((prefix) => `${prefix}${cve}`);
      return [...new Set([...own, ...links])].sort().flatMap((id) => record(id) ?? []);
    },
    facts,
    support,
    gaps: (holds) =>
      database
        .prepare('SELECT ecosystem, gaps FROM gap ORDER BY ecosystem')
        .all()
        .flatMap((row) => (holds(String(row.ecosystem)) ? (unpack(row.gaps) as Gap[]) : [])),
    close: () => database.close(),
  };
}

function readCoverages(database: DatabaseSync): ReadonlyMap<string, { id: number; coverage: Coverage }> {
  const rows = database.prepare('SELECT * FROM ecosystem ORDER BY name').all();
  return new Map(
    rows.map((row) => [
      String(row.name),
      {
        id: Number(row.id),
        coverage: {
          ecosystem: String(row.name),
          feed: String(row.feed),
          updatedAt: Number(row.updated_at),
          digest: String(row.digest),
          cveRecords: Number(row.cve_records),
          advisories: Number(row.advisories),
          repositories: JSON.parse(String(row.repositories)) as string[],
          unreadable: JSON.parse(String(row.unreadable)) as UnreadableRecords,
        },
      },
    ]),
  );
}

function factsOf(row: Record<string, unknown> | undefined): CveFacts | undefined {
  if (!row) return undefined;
  const { exploited, score, percentile } = row;
  return {
    ...(typeof exploited === 'string' && { knownExploited: exploited }),
    ...(typeof score === 'number' &&
      typeof percentile === 'number' && {
        epss: { score: score / SCORE_OF_ONE, percentile: percentile / SCORE_OF_ONE },
      }),
  };
}
