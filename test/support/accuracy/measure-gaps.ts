import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Gap } from '../../../packages/server/src/domain/advisories.ts';
import { type AlpineGapAccuracy, measureAlpineGaps } from './measure-alpine-gaps.ts';
import { type DebianGapAccuracy, measureDebianGaps } from './measure-debian-gaps.ts';
import { feedsIn, gapsAfter, linesOf, osvFeed } from './take-for-gaps.ts';

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
  readonly debian: DebianGapAccuracy;
  readonly alpine: AlpineGapAccuracy;
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
    const directory = feedsIn(folder, 'alma');
    await gapsAfter(directory, [osvFeed(directory, 'AlmaLinux', alma)]);
    const left = alma.filter((line) => !gone.has(line));
    const gaps = await gapsAfter(directory, [osvFeed(directory, 'AlmaLinux', left)]);
    const records = deleted.map((line) => JSON.parse(line) as Osv);
    const isAbout = (gap: Gap, { related = [], affected }: Osv): boolean =>
      related.includes(gap.cve) && affected.some(({ package: { name } }) => gap.names.includes(name));
    const rocky = feedsIn(folder, 'rocky');
    const real = await gapsAfter(rocky, [
      osvFeed(rocky, 'AlmaLinux', alma),
      osvFeed(rocky, 'Rocky Linux', linesOf('RockyLinux')),
    ]);
    const found = new Set(real.flatMap((gap) => (gap.ecosystem === 'Rocky Linux:9' && gap.shipped ? [gap.cve] : [])));
    return {
      deleted: deleted.length,
      reported: records.filter((record) => gaps.some((gap) => isAbout(gap, record))).length,
      gaps: gaps.length,
      wrong: gaps.filter((gap) => !records.some((record) => isAbout(gap, record))).length,
      known: KNOWN,
      missing: KNOWN.filter((cve) => !found.has(cve)),
      debian: await measureDebianGaps(folder),
      alpine: await measureAlpineGaps(folder),
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

export const gapsTable = ({ deleted, reported, gaps, wrong, known, missing, debian, alpine }: GapAccuracy): string =>
  [
    '',
    'What the sources forgot',
    `  AlmaLinux with every ${EVERY}th advisory deleted: ${reported} of ${deleted} reported (${share(reported, deleted)}), ${wrong} of ${gaps} reports wrong (${share(wrong, gaps)})`,
    `  Rocky Linux 9 as it is, beside AlmaLinux: ${known.length - missing.length} of ${known.length} CVEs that it is known to lack${missing.length > 0 ? `; not ${missing.join(', ')}` : ''}`,
    `  Debian with records of CVEs deleted that announcements name: ${debian.reported} of ${debian.deleted} reported (${share(debian.reported, debian.deleted)}), ${debian.wrong} of ${debian.gaps} reports wrong (${share(debian.wrong, debian.gaps)}); ${debian.real} are of the feed as it is`,
    `  Debian with ${debian.exploited.deleted} records of exploited CVEs deleted: ${debian.exploited.gaps} reports by two other distributions, ${debian.exploited.wrong} wrong; ${debian.exploited.real} are of the feed as it is`,
    `  Alpine with every 20th package of a branch deleted: ${alpine.reported} of ${alpine.deleted} reported (${share(alpine.reported, alpine.deleted)}), by its branches alone ${share(alpine.byBranches, alpine.deleted)}; ${alpine.wrong} of ${alpine.gaps} reports wrong; ${alpine.real} are of the feed as it is`,
  ].join('\n');

/** What is below what is promised: 95 % reported, at most 1 % wrong, and all of the real case. */
export function gapFaults({ deleted, reported, gaps, wrong, missing, debian, alpine }: GapAccuracy): string[] {
  return [
    ...(reported < deleted * 0.95 ? [`gaps: only ${reported} of ${deleted} deleted advisories are reported`] : []),
    ...(wrong > gaps * 0.01 ? [`gaps: ${wrong} of ${gaps} reports are wrong`] : []),
    ...missing.map((cve) => `gaps: ${cve} of Rocky Linux 9 is not reported`),
    ...(debian.reported < debian.deleted * 0.95
      ? [`gaps: only ${debian.reported} of ${debian.deleted} deleted records of Debian are reported`]
      : []),
    ...(alpine.reported < alpine.deleted * 0.95
      ? [`gaps: only ${alpine.reported} of ${alpine.deleted} deleted entries of Alpine are reported`]
      : []),
    ...[debian, debian.exploited, alpine].flatMap((each) =>
      each.wrong > each.gaps * 0.01
        ? [`gaps: ${each.wrong} of ${each.gaps} reports about Debian or Alpine are wrong`]
        : [],
    ),
  ];
}

const share = (part: number, whole: number): string => `${((part / Math.max(1, whole)) * 100).toFixed(1)} %`;

const cvesOf = (line: string): readonly string[] =>
  ((JSON.parse(line) as Osv).related ?? []).filter((id) => id.startsWith('CVE-'));
