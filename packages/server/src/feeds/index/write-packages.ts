import type { Hash } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';
import type { EcosystemCounts } from './ecosystem-counts.ts';
import { pack } from './pack.ts';
import { withDisposition } from './with-disposition.ts';

/** Every entry, and every disposition that has none, in order: later records of the same before earlier ones. */
const ORDERED = `
  SELECT entry.ecosystem, entry.package, entry.record, modified, body, statement
  FROM staging.entry LEFT JOIN staging.disposition USING (ecosystem, package, record)
  UNION ALL
  SELECT ecosystem, package, record, '', NULL, statement FROM staging.disposition
  ORDER BY 1, 2, 3, 4 DESC, 5`;

/** Writes what is known of each package of each ecosystem, ordered by record. `onRow` is told each row that was read. */
export async function writePackages(
  database: DatabaseSync,
  hash: Hash,
  onRow: (row: number) => Promise<void> | undefined,
): Promise<ReadonlyMap<string, EcosystemCounts>> {
  const insert = database.prepare('INSERT INTO package VALUES (?, ?, ?)');
  const counts = new Map<string, EcosystemCounts>();
  let ecosystem = '';
  let name = '';
  /** JSON of an EntryCode each: nearly all are kept as they were staged. */
  let entries: string[] = [];
  let ofRecord = new Set<string>();
  let lastRecord = '';
  let lastModified = '';
  let seen = new Set<string>();

  const flush = (): void => {
    if (entries.length === 0) return;
    const count = counts.get(ecosystem);
    // Tens of megabytes for a kernel: put together once, and nothing is added to it.
    entries[0] = `[${entries[0]}`;
    entries.push(`${entries.pop()}]`);
    const json = entries.join(',');
    entries = [];
    hash
      .update(`${JSON.stringify([ecosystem, name])} `)
      .update(json)
      .update('\n');
    if (count) insert.run(count.id, name, pack(json));
  };

  let read = 0;
  for (const row of database.prepare(ORDERED).iterate()) {
    read += 1;
    const pause = onRow(read);
    if (pause) await pause;
    const [record, modified, body] = [String(row.record), String(row.modified), row.body];
    if (row.ecosystem !== ecosystem || row.package !== name) {
      flush();
      lastRecord = '';
      if (row.ecosystem !== ecosystem) {
        ecosystem = String(row.ecosystem);
        counts.set(ecosystem, { id: counts.size + 1, cveRecords: 0, advisories: 0 });
        seen = new Set();
      }
      name = String(row.package);
    }
    if (record !== lastRecord) {
      [lastRecord, lastModified] = [record, modified];
      ofRecord = new Set();
      if (!seen.has(record)) counted(counts, ecosystem, record);
      seen.add(record);
    } else if (body === null || (modified !== lastModified && modified > DATELESS)) {
      // An older copy of a record, of another feed, or a disposition that an entry has taken.
      continue;
    }
    const own = body === null ? undefined : String(body);
    const entry =
      own !== undefined && row.statement === null ? own : JSON.stringify(withDisposition(record, own, row.statement));
    if (ofRecord.has(entry)) continue;
    ofRecord.add(entry);
    entries.push(entry);
  }
  flush();
  return counts;
}

/** Records of sources without dates stand beside those that have some. */
const DATELESS = '1970-01-01T00:00:00Z';

function counted(counts: Map<string, EcosystemCounts>, ecosystem: string, record: string): void {
  const count = counts.get(ecosystem);
  if (!count) return;
  const isCve = /^([A-Z]+-)?CVE-/.test(record);
  counts.set(ecosystem, {
    id: count.id,
    cveRecords: count.cveRecords + (isCve ? 1 : 0),
    advisories: count.advisories + (isCve ? 0 : 1),
  });
}
