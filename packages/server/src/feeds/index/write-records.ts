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
 * two feeds have the same), the latest is taken, with the CVEs of all.
 */
export async function writeRecords(database: DatabaseSync, hash: Hash): Promise<void> {
  addTracked(database);
  const insert = database.prepare('INSERT INTO records VALUES (?, ?)');
  const rows = database.prepare('SELECT id, body FROM staging.record ORDER BY id, modified DESC, body').iterate();
  let block: AdvisoryRecord[] = [];
  let same: AdvisoryRecord[] = [];
  const flushBlock = (): void => {
    const [first] = block;
    if (first) insert.run(first.id, pack(recordBlock.write(block)));
    block = [];
  };
  const flushSame = (): void => {
    const record = merged(same);
    same = [];
    if (!record) return;
    hash.update(`${JSON.stringify(record)}\n`);
    block.push(record);
    if (block.length >= BLOCK) flushBlock();
  };
  for (const row of rows) {
    if (same[0] && same[0].id !== row.id) flushSame();
    same.push(JSON.parse(String(row.body)) as AdvisoryRecord);
  }
  flushSame();
  flushBlock();
}

function merged([latest, ...others]: readonly AdvisoryRecord[]): AdvisoryRecord | undefined {
  if (!latest || others.length === 0) return latest;
  const cves = [...new Set([latest, ...others].flatMap((record) => record.cves))].sort();
  const summary = latest.summary || (others.find((record) => record.summary)?.summary ?? '');
  return { ...latest, summary, cves };
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
