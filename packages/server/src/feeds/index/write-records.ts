import type { Hash } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';
import type { AdvisoryRecord } from '../../domain/advisories.ts';
import { cveOf } from '../osv/cve-ids.ts';
import { linkOf } from '../osv/link.ts';
import { pack } from './pack.ts';
import { recordBlock } from './record-block.ts';

/** Records that share a row: neighbours compress well together, and unpacking one unpacks few others. */
const BLOCK = 12;

/**
 * Writes the records, each once, in the order of their ids. Where several have one id (AlmaLinux gives one to two releases;
 * two feeds have the same), the latest is taken, with the CVEs of all. `onRow` is told each row that was read.
 */
export async function writeRecords(
  database: DatabaseSync,
  hash: Hash,
  onRow: (row: number) => Promise<void> | undefined,
): Promise<void> {
  addTracked(database);
  const insert = database.prepare('INSERT INTO records VALUES (?, ?)');
  const rows = database.prepare('SELECT id, body FROM staging.record ORDER BY id, modified DESC, body').iterate();
  /** JSON of a record each: one that no other has the id of is kept as it was staged. */
  let block: string[] = [];
  let first = '';
  let id = '';
  let same: string[] = [];
  const flushBlock = (): void => {
    if (block.length > 0) insert.run(first, pack(recordBlock.write(block)));
    block = [];
  };
  const flushSame = (): void => {
    if (same.length === 0) return;
    const text = same.length === 1 ? (same[0] ?? '') : merged(same.map((each) => JSON.parse(each) as AdvisoryRecord));
    same = [];
    hash.update(`${text}\n`);
    if (block.length === 0) first = id;
    block.push(text);
    if (block.length >= BLOCK) flushBlock();
  };
  let row = 0;
  for (const each of rows) {
    row += 1;
    const pause = onRow(row);
    if (pause) await pause;
    if (id !== each.id) {
      flushSame();
      id = String(each.id);
    }
    same.push(String(each.body));
  }
  flushSame();
  flushBlock();
}

/** JSON of what the copies of a record say together. */
function merged([latest, ...others]: readonly AdvisoryRecord[]): string {
  if (!latest) throw new Error('There is no record to merge');
  const cves = [...new Set([latest, ...others].flatMap((record) => record.cves))].sort();
  const summary = latest.summary || (others.find((record) => record.summary)?.summary ?? '');
  return JSON.stringify({ ...latest, summary, cves });
}

/** A record for each CVE that only the distribution's tracker names. */
function addTracked(database: DatabaseSync): void {
  const ids = database
    .prepare('SELECT DISTINCT record FROM staging.disposition WHERE record NOT IN (SELECT id FROM staging.record)')
    .all();
  const insert = database.prepare('INSERT INTO staging.record VALUES (?, ?, ?)');
  for (const row of ids) {
    const id = String(row.record);
    const cve = cveOf(id);
    if (cve === undefined) continue;
    const link = linkOf(id, []);
    const record: AdvisoryRecord = {
      id,
      kind: 'CVE',
      cves: [cve],
      summary: '',
      details: '',
      cvss: [],
      ...(link !== undefined && { link }),
      modified: UNDATED,
    };
    insert.run(id, UNDATED, JSON.stringify(record));
  }
}

const UNDATED = '1970-01-01T00:00:00Z';
