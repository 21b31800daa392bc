import type { Hash } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';
import type { FeedItem, ImportedRecord } from '../imported-record.ts';
import { isSupplement } from '../sources/feed-kind.ts';
import { cveKey } from './cve-key.ts';
import { encodeEntry } from './entry-code.ts';
import type { FeedOrigin } from './feed-origin.ts';
import { SCORE_OF_ONE, STAGING_TABLES } from './schema.ts';

type StagedFeed = Pick<FeedOrigin, 'name' | 'kind'>;

export interface Staging {
  /** Takes an item of a feed. Adds its ecosystems, with the parts of the distribution that it is of, to the map. */
  readonly put: (item: FeedItem, ecosystems: Map<string, Set<string>>, feed: StagedFeed) => void;
  /** Leaves out what is said beside the records of releases that there are no records of. */
  readonly dropUnfounded: () => void;
  /** Takes the facts that were put into the digest. */
  readonly writeFacts: (hash: Hash) => void;
}

/** Makes the staging tables, and takes items into them. Facts of CVEs need no order and go where they belong at once. */
export function stage(database: DatabaseSync): Staging {
  database.exec(STAGING_TABLES);
  const record = database.prepare('INSERT INTO staging.record VALUES (?, ?, ?)');
  const entry = database.prepare('INSERT INTO staging.entry VALUES (?, ?, ?, ?, ?)');
  const link = database.prepare('INSERT INTO staging.link VALUES (?, ?, ?)');
  const disposition = database.prepare('INSERT OR REPLACE INTO staging.disposition VALUES (?, ?, ?, ?)');
  const withdrawn = database.prepare('INSERT OR IGNORE INTO staging.withdrawn VALUES (?)');
  const exploited = database.prepare(
    'INSERT INTO fact (cve, exploited) VALUES (?, ?) ON CONFLICT (cve) DO UPDATE SET exploited = min(coalesce(exploited, excluded.exploited), excluded.exploited)',
  );
  const support = database.prepare('INSERT OR REPLACE INTO support VALUES (?, ?, ?)');
  const epss = database.prepare(
    'INSERT INTO fact (cve, score, percentile) VALUES (?, ?, ?) ON CONFLICT (cve) DO UPDATE SET score = excluded.score, percentile = excluded.percentile',
  );

  const founded = new Set<string>();

  const putAdvisory = (advisory: ImportedRecord, ecosystems: Map<string, Set<string>>): void => {
    const { id, modified, kind, cves } = advisory.record;
    record.run(id, modified, JSON.stringify(advisory.record));
    const own = new Set<string>();
    for (const { ecosystem, affected, repository } of advisory.entries) {
      own.add(ecosystem);
      founded.add(ecosystem);
      const parts = ecosystems.get(ecosystem) ?? new Set();
      ecosystems.set(ecosystem, repository === undefined ? parts : parts.add(repository));
      entry.run(ecosystem, affected.package, id, modified, JSON.stringify(encodeEntry(affected)));
    }
    for (const ecosystem of own) {
      if (kind === 'ADVISORY') for (const cve of cves) link.run(cveKey(cve) ?? 0, id, ecosystem);
    }
  };

  return {
    put: (item, ecosystems, feed) => {
      if (item.kind === 'advisory') return putAdvisory(item.advisory, ecosystems);
      if (item.kind === 'support') {
        support.run(item.support.release, feed.name, JSON.stringify(item.support));
        return;
      }
      if (item.kind === 'withdrawn') {
        withdrawn.run(item.id);
        return;
      }
      if (item.kind === 'disposition') {
        const own = `${item.ecosystem.split(':')[0]?.toUpperCase()}-${item.cve}`;
        if (!ecosystems.has(item.ecosystem)) ecosystems.set(item.ecosystem, new Set());
        if (!isSupplement(feed.kind)) founded.add(item.ecosystem);
        const { kind: _, ecosystem, package: name, cve: __, ...statement } = item;
        disposition.run(ecosystem, name, own, JSON.stringify(statement));
        return;
      }
      const key = cveKey(item.cve);
      if (key === undefined) return;
      if (item.kind === 'epss') epss.run(key, stored(item.score), stored(item.percentile));
      else exploited.run(key, item.added);
    },
    dropUnfounded: () => {
      const remove = database.prepare('DELETE FROM staging.disposition WHERE ecosystem = ?');
      for (const row of database.prepare('SELECT DISTINCT ecosystem FROM staging.disposition').all()) {
        const ecosystem = String(row.ecosystem);
        if (!founded.has(ecosystem)) remove.run(ecosystem);
      }
    },
    writeFacts: (hash) => {
      for (const row of database.prepare('SELECT * FROM fact ORDER BY cve').iterate()) {
        hash.update(`${row.cve} ${row.exploited} ${row.score} ${row.percentile}\n`);
      }
      for (const row of database.prepare('SELECT * FROM support ORDER BY release, feed').iterate()) {
        hash.update(`${row.release} ${row.feed} ${row.said}\n`);
      }
    },
  };
}

const stored = (score: number): number => Math.round(score * SCORE_OF_ONE);
