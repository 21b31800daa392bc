/** An export as large as Ubuntu's, made into an index within bounds of memory, beside the reading of the archive alone. */
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crc32, deflateRawSync, gunzipSync } from 'node:zlib';
import { assayProgram } from '../test/support/assay-program.ts';
import { sharedFile } from '../test/support/shared-data.ts';
import { inOwnProcess, ownProcessColumns } from './own-process.ts';
import type { Report, Row } from './report.ts';

const FEEDS = new URL('../packages/server/src/feeds/', import.meta.url).href;
const { file: SAMPLE, absent } = sharedFile('data/osv/Ubuntu-2024-08-09.jsonl.gz');

/** Of Ubuntu's export: records, and what they have unpacked on average. */
const RECORDS = 58_000;
const BYTES = 100_000;
const RELEASES = ['14.04:LTS', '16.04:LTS', '18.04:LTS', '20.04:LTS', '22.04:LTS', '24.04:LTS', '24.10'];

const READ = `
  const { zipEntries } = await import('${FEEDS}sources/zip-entries.ts');
  let bytes = 0;
  for await (const entry of zipEntries(file)) bytes += entry.bytes.length;
  print(bytes / 1e6);`;
/** The whole command, as people and servers run it. */
const UPDATE = `
  process.execArgv = [];
  process.argv = [process.argv[0], '${assayProgram}', 'feeds', 'update', '--data-dir', folder, '--from', file];
  await import('${assayProgram}');
  if (process.exitCode) throw new Error('the update failed');
  const { readdirSync, statSync } = await import('node:fs');
  const [index] = readdirSync(folder + '/feeds/index');
  print(statSync(folder + '/feeds/index/' + index).size / 1e6);`;

/** `share` of the whole is made, for machines with less time. */
export async function largeFeed({ share = 1 }: { readonly share?: number | undefined } = {}): Promise<Report> {
  const records = Math.round(RECORDS * share);
  const bench = `large-feed: ${records.toLocaleString('en')} records of ${BYTES / 1000} KB, as Ubuntu's export has them`;
  const ratio = "times the floor's";
  if (absent) {
    console.error(`large-feed: not measured, ${SAMPLE} is not there`);
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
    const archive = join(folder, 'all.zip');
    writeArchive(archive, records);
    const floor = await measure('read, unpacked and checked', READ, archive, folder);
    return {
      bench,
      columns: ownProcessColumns,
      floor,
      rows: [await measure('assay feeds update', UPDATE, archive, join(folder, 'data'))],
      ratio,
    };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

interface OsvRecord {
  readonly affected: readonly { readonly package: { readonly ecosystem: string; readonly name: string } }[];
}

/** Records of the sample under ids of their own, each for seven releases with the versions and binaries that Ubuntu lists. */
function writeArchive(path: string, count: number): void {
  const sample = gunzipSync(readFileSync(SAMPLE)).toString('utf8').split('\n').filter(Boolean);
  const file = openSync(path, 'w');
  const central: Buffer[] = [];
  let at = 0;
  for (let number = 0; number < count; number++) {
    const id = `UBUNTU-CVE-${2005 + (number % 20)}-${10_000 + number}`;
    const content = Buffer.from(enlarged(JSON.parse(sample[number % sample.length] ?? '{}') as OsvRecord, id, number));
    const packed = deflateRawSync(content, { level: 1 });
    const name = Buffer.from(`${id}.json`);
    const sizes = Buffer.alloc(26);
    sizes.writeUInt16LE(20, 0);
    sizes.writeUInt16LE(8, 4);
    sizes.writeUInt32LE(crc32(content), 10);
    sizes.writeUInt32LE(packed.length, 14);
    sizes.writeUInt32LE(content.length, 18);
    sizes.writeUInt16LE(name.length, 22);
    const local = Buffer.concat([Buffer.from('PK\x03\x04'), sizes, name, packed]);
    const place = Buffer.alloc(14);
    place.writeUInt32LE(at, 10);
    central.push(Buffer.concat([Buffer.from('PK\x01\x02\x14\x00', 'latin1'), sizes, place, name]));
    writeSync(file, local);
    at += local.length;
  }
  const directory = Buffer.concat(central);
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 'latin1');
  end.writeUInt16LE(count, 8);
  end.writeUInt16LE(count, 10);
  end.writeUInt32LE(directory.length, 12);
  end.writeUInt32LE(at, 16);
  writeSync(file, directory);
  writeSync(file, end);
  closeSync(file);
}

function enlarged({ affected, ...record }: OsvRecord, id: string, seed: number): string {
  const name = affected[0]?.package.name ?? 'linux';
  const share = BYTES / RELEASES.length / 2;
  const versions = Array.from(
    { length: Math.round(share / 40) },
    (_, at) => `1.${seed % 97}.${at * 7}-0ubuntu${at}.1~esm${at % 9}`,
  );
  const binaries = Array.from({ length: Math.round(share / 100) }, (_, at) => ({
    binary_name: `${name}-part-${at}-of-a-source`,
    binary_version: `${at}.${seed % 97}.3-0ubuntu${at}.1`,
  }));
  const cve = id.replace('UBUNTU-', '');
  return JSON.stringify({
    ...record,
    id,
    upstream: [cve],
    affected: RELEASES.map((release) => ({
      package: { ecosystem: `Ubuntu:${release}`, name },
      ranges: [{ type: 'ECOSYSTEM', events: [{ introduced: '0' }, { fixed: `9.${seed % 97}.1-0ubuntu1` }] }],
      versions,
      ecosystem_specific: { binaries },
    })),
  });
}

const measure = async (label: string, code: string, source: string, folder: string): Promise<Row> => ({
  label,
  values: await inOwnProcess(code, source, folder),
});
