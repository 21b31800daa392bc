/** Debian's whole OSV export made into an index, a day's changes of it, and that index asked, against reading and unpacking the same archive. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sharedData, sharedFile } from '../test/support/shared-data.ts';
import { CHANGED, osvExportServer } from './osv-export-server.ts';
import { inOwnProcess, ownProcessColumns } from './own-process.ts';
import type { Report, Row } from './report.ts';

const FEEDS = new URL('../packages/server/src/feeds/', import.meta.url).href;
const { file: ARCHIVE, absent } = sharedFile('data/osv/Debian-2025-02-12/all.zip');

const UNPACK = `
  const { zipEntries } = await import('${FEEDS}sources/zip-entries.ts');
  let bytes = 0;
  for await (const entry of zipEntries(file)) bytes += entry.bytes.length;
  print(bytes / 1e6);`;
const UPDATE = `
  const { feedPorts } = await import('${FEEDS}../runtime/feed-ports.ts');
  const { feedsDirectory, readCurrent } = await import('${FEEDS}feeds-directory.ts');
  const { updateFeeds } = await import('${FEEDS}update-feeds.ts');
  const { statSync } = await import('node:fs');
  const directory = feedsDirectory(folder);
  begin = performance.now();
  await updateFeeds(feedPorts({}), directory, [{ name: 'Debian', source: file }]);
  print(statSync(directory.index + '/' + readCurrent(directory).index).size / 1e6);`;
const ASK = `
  const { feedsDirectory, readCurrent } = await import('${FEEDS}feeds-directory.ts');
  const { openAdvisories } = await import('${FEEDS}index/open-advisories.ts');
  const { readFileSync } = await import('node:fs');
  const directory = feedsDirectory(folder);
  const status = readFileSync('${sharedData}/hosts/debian12-workstation.status', 'utf8').split('\\n\\n');
  const sources = new Set(status.map((text) => (/^Source: (\\S+)/m.exec(text) ?? /^Package: (\\S+)/m.exec(text))?.[1]));
  begin = performance.now();
  const advisories = openAdvisories(directory.index + '/' + readCurrent(directory).index);
  let entries = 0;
  for (const name of sources) entries += advisories.affected('Debian:12', String(name)).length;
  print(entries / 1e6);`;

export async function feeds(): Promise<Report> {
  const bench = "feeds: Debian's OSV export of 2025-02-12, 44,152 records";
  const ratio = "times the floor's";
  if (absent) {
    console.error(`feeds: not measured, ${ARCHIVE} is not there`);
    return {
      bench,
      columns: ownProcessColumns,
      floor: { label: 'not measured: no data', values: [0, 0, 0, 0] },
      rows: [],
      ratio,
    };
  }
  const folder = mkdtempSync(join(tmpdir(), 'assay-bench-'));
  try {
    const publisher = await osvExportServer(ARCHIVE);
    try {
      const floor = await measure('read, unpacked and checked', UNPACK, ARCHIVE, folder);
      const whole = await measure('feeds update, index made', UPDATE, publisher.address, folder);
      publisher.nextDay();
      publisher.bytesSent();
      const day = await measure(`feeds update, ${CHANGED} records changed`, UPDATE, publisher.address, folder);
      const [fetched, [ms = 0, cpu = 0, peak = 0]] = [publisher.bytesSent() / 1e6, day.values];
      const asked = await measure('index opened, 526 packages of a host asked', ASK, ARCHIVE, folder);
      return {
        bench,
        columns: ownProcessColumns,
        floor,
        rows: [whole, { ...day, values: [ms, cpu, peak, fetched] }, asked],
        ratio,
      };
    } finally {
      publisher.close();
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const measure = async (label: string, code: string, source: string, folder: string): Promise<Row> => ({
  label,
  values: await inOwnProcess(code, source, folder),
});
