import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { gunzipSync } from 'node:zlib';
import type { Gap } from '../../../packages/server/src/domain/advisories.ts';
import {
  type FeedsDirectory,
  feedsDirectory,
  readCurrent,
} from '../../../packages/server/src/feeds/feeds-directory.ts';
import { openAdvisories } from '../../../packages/server/src/feeds/index/open-advisories.ts';
import { updateFeeds } from '../../../packages/server/src/feeds/update-feeds.ts';
import { sharedFile } from '../shared-data.ts';

/** Every so many advisories one is deleted. */
const EVERY = 20;

export interface GapAccuracy {
  /** Advisories that were deleted, those of them that are reported, and reports that are of none of them. */
  readonly deleted: number;
  readonly reported: number;
  readonly gaps: number;
  readonly wrong: number;
  /** Of the CVEs that Rocky Linux 9's real feed lacks, those that are reported. */
  readonly known: readonly string[];
  readonly missing: readonly string[];
}

interface Osv {
  readonly id: string;
  readonly withdrawn?: string;
  readonly related?: readonly string[];
  readonly affected: readonly { readonly package: { readonly ecosystem: string; readonly name: string } }[];
}

/** What Rocky Linux 9's feed of 2025-01 has no record of, and AlmaLinux fixed before. */
const KNOWN = ['CVE-2024-6387', 'CVE-2023-4911', 'CVE-2024-1086', 'CVE-2024-37370'];

/** Deletes advisories from AlmaLinux' feed and looks whether they are missed; then looks at Rocky Linux' as it is. */
export async function measureGaps(): Promise<GapAccuracy> {
  const folder = mkdtempSync(join(tmpdir(), 'assay-gaps-'));
  try {
    const alma = linesOf('AlmaLinux');
    const named = alma.filter((line) => cvesOf(line).length > 0 && (JSON.parse(line) as Osv).withdrawn === undefined);
    const deleted = named.filter((_, index) => index % EVERY === 0);
    const gone = new Set(deleted);
    const directory = feedsDirectory(join(folder, 'alma'));
    await take(directory, folder, 'AlmaLinux', alma);
    const gaps = await take(
      directory,
      folder,
      'AlmaLinux',
      alma.filter((line) => !gone.has(line)),
    );
    const records = deleted.map((line) => JSON.parse(line) as Osv);
    const isAbout = (gap: Gap, { related = [], affected }: Osv): boolean =>
      related.includes(gap.cve) && affected.some(({ package: { name } }) => gap.names.includes(name));
    const rocky = feedsDirectory(join(folder, 'rocky'));
    await take(rocky, folder, 'AlmaLinux', alma);
    const real = await take(rocky, folder, 'Rocky Linux', linesOf('RockyLinux'));
    const found = new Set(real.flatMap((gap) => (gap.ecosystem === 'Rocky Linux:9' && gap.shipped ? [gap.cve] : [])));
    return {
      deleted: deleted.length,
      reported: records.filter((record) => gaps.some((gap) => isAbout(gap, record))).length,
      gaps: gaps.length,
      wrong: gaps.filter((gap) => !records.some((record) => isAbout(gap, record))).length,
      known: KNOWN,
      missing: KNOWN.filter((cve) => !found.has(cve)),
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

export const gapsTable = ({ deleted, reported, gaps, wrong, known, missing }: GapAccuracy): string =>
  [
    '',
    'What the sources forgot',
    `  AlmaLinux with every ${EVERY}th advisory deleted: ${reported} of ${deleted} reported (${share(reported, deleted)}), ${wrong} of ${gaps} reports wrong (${share(wrong, gaps)})`,
    `  Rocky Linux 9 as it is, beside AlmaLinux: ${known.length - missing.length} of ${known.length} CVEs that it is known to lack${missing.length > 0 ? `; not ${missing.join(', ')}` : ''}`,
  ].join('\n');

/** What is below what is promised: 95 % reported, at most 1 % wrong, and all of the real case. */
export function gapFaults({ deleted, reported, gaps, wrong, missing }: GapAccuracy): string[] {
  return [
    ...(reported < deleted * 0.95 ? [`gaps: only ${reported} of ${deleted} deleted advisories are reported`] : []),
    ...(wrong > gaps * 0.01 ? [`gaps: ${wrong} of ${gaps} reports are wrong`] : []),
    ...missing.map((cve) => `gaps: ${cve} of Rocky Linux 9 is not reported`),
  ];
}

const share = (part: number, whole: number): string => `${((part / Math.max(1, whole)) * 100).toFixed(1)} %`;

function linesOf(name: string): readonly string[] {
  const { file } = sharedFile(`data/osv/${name}.jsonl.gz`);
  return gunzipSync(readFileSync(file ?? ''))
    .toString('utf8')
    .split('\n')
    .filter(Boolean);
}

const cvesOf = (line: string): readonly string[] =>
  ((JSON.parse(line) as Osv).related ?? []).filter((id) => id.startsWith('CVE-'));

async function take(directory: FeedsDirectory, folder: string, name: string, lines: readonly string[]) {
  const source = join(folder, `${name}.jsonl`);
  writeFileSync(source, lines.join('\n'));
  const ports = {
    now: Date.now,
    fetch: () => Promise.reject(new Error('nothing is fetched')),
    sleep: delay,
    deadline: () => new AbortController().signal,
  };
  await updateFeeds(ports, directory, [{ name, kind: 'osv', source }]);
  const open = openAdvisories(join(directory.index, readCurrent(directory).index ?? ''));
  const gaps = open.gaps(() => true);
  open.close();
  return gaps;
}
