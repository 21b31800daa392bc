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

/**
 * A row has about so many characters at most: Ubuntu says of each binary package of a kernel which version has the fix of each
 * CVE, tens of megabytes in all.
 */
const PART = 1024 ** 2;

/** Writes what is known of each package of each ecosystem, ordered by record. `onRow` is told each row that was read. */
export async function writePackages(
  database: DatabaseSync,
  hash: Hash,
  onRow: (row: number) => Promise<void> | undefined,
): Promise<ReadonlyMap<string, EcosystemCounts>> {
  const insert = database.prepare('INSERT INTO package VALUES (?, ?, ?, ?)');
  const counts = new Map<string, EcosystemCounts>();
  let ecosystem = '';
  let name = '';
  const entries = jsonList();
  let part = 0;
  let ofRecord = new Set<string>();
  let lastRecord = '';
  let lastModified = '';
  let seen = new Set<string>();

  const flush = (): void => {
    if (entries.length() === 0) return;
    const count = counts.get(ecosystem);
    const json = entries.take();
    if (part === 0) hash.update(`\n${JSON.stringify([ecosystem, name])} `);
    hash.update(json);
    if (count) insert.run(count.id, name, part, pack(json));
    part += 1;
  };

  let read = 0;
  for (const row of database.prepare(ORDERED).iterate()) {
    read += 1;
    const pause = onRow(read);
    if (pause) await pause;
    const [record, modified, body] = [String(row.record), String(row.modified), row.body];
    if (row.ecosystem !== ecosystem || row.package !== name) {
      flush();
      part = 0;
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
    entries.add(entry);
    if (entries.length() >= PART) flush();
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

/**
 * The JSON of a list, put together of the JSON of each element: nearly all entries are kept as they were staged. It gathers
 * bytes, as texts that are held for a while would fill the heap before they are collected.
 */
function jsonList() {
  let buffer = Buffer.allocUnsafe(2 * PART);
  let length = 0;
  return {
    /** In bytes; 0 of an empty one. */
    length: () => length,
    add: (json: string): void => {
      const most = length + json.length * 3 + 2;
      if (most > buffer.length) buffer = Buffer.concat([buffer.subarray(0, length)], 2 * most);
      length += buffer.write(length === 0 ? '[' : ',', length);
      length += buffer.write(json, length);
    },
    /** The list, which is empty then: good until the next element. */
    take: (): Buffer => {
      length += buffer.write(']', length);
      const json = buffer.subarray(0, length);
      length = 0;
      return json;
    },
  };
}
