/** Debian's whole OSV export made into an index, a day's changes of it, and that index asked, against reading and unpacking the same archive. */
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { sharedData, sharedFile } from '../test/support/shared-data.ts';
import { CHANGED, osvExportServer } from './osv-export-server.ts';
import type { Report, Row } from './report.ts';

const FEEDS = new URL('../packages/server/src/feeds/', import.meta.url).href;
const { file: ARCHIVE, absent } = sharedFile('data/osv/Debian-2025-02-12/all.zip');

/** Each in a process of its own, whose peak of memory is then its own too. */
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
  const columns = ['ms', 'CPU ms', 'peak MB', 'MB (or millions)'];
  const bench = "feeds: Debian's OSV export of 2025-02-12, 44,152 records";
  const ratio = "times the floor's";
  if (absent) {
    console.error(`feeds: not measured, ${ARCHIVE} is not there`);
    return { bench, columns, floor: { label: 'not measured: no data', values: [0, 0, 0, 0] }, rows: [], ratio };
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
      return { bench, columns, floor, rows: [whole, { ...day, values: [ms, cpu, peak, fetched] }, asked], ratio };
    } finally {
      publisher.close();
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function measure(label: string, code: string, source: string, folder: string): Promise<Row> {
  const script = `
    const [file, folder] = process.argv.slice(1);
    let begin = performance.now();
    const print = (size) => {
      const { maxRSS, userCPUTime, systemCPUTime } = process.resourceUsage();
      console.log(
        JSON.stringify([performance.now() - begin, (userCPUTime + systemCPUTime) / 1000, maxRSS / 1024, size]),
      );
    };
    ${code}`;
  const args = [...process.execArgv, '--input-type=module', '-e', script, source, folder];
  const { stdout } = await promisify(execFile)(process.execPath, args, { encoding: 'utf8' });
  return { label, values: JSON.parse(stdout) as number[] };
}
