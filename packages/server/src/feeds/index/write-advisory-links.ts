import type { DatabaseSync } from 'node:sqlite';
import { pack } from './pack.ts';

/** Writes, for each CVE, the announcements of fixes with the ecosystems that they are of, both by their ids. */
export function writeAdvisoryLinks(database: DatabaseSync): void {
  const insert = database.prepare('INSERT INTO advisories VALUES (?, ?)');
  const rows = database
    .prepare(
      `SELECT DISTINCT link.cve, link.record, ecosystem.id FROM staging.link
       JOIN main.ecosystem ON ecosystem.name = link.ecosystem ORDER BY 1, 2, 3`,
    )
    .iterate();
  let cve = 0;
  let ids: [record: string, ...ecosystems: number[]][] = [];
  const flush = (): void => {
    if (ids.length > 0) insert.run(cve, pack(JSON.stringify(ids)));
    ids = [];
  };
  for (const row of rows) {
    if (row.cve !== cve) flush();
    cve = Number(row.cve);
    const record = String(row.record);
    const last = ids.at(-1);
    if (last && last[0] === record) last.push(Number(row.id));
    else ids.push([record, Number(row.id)]);
  }
  flush();
}
