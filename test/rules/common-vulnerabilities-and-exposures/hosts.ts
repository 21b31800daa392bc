import type { EvidenceData, HostEvidence } from '@assay/model/evidence/kinds.ts';
import type { Advisories } from '../../../packages/server/src/domain/advisories.ts';
import type { Verdict } from '../../../packages/server/src/domain/rules-package.ts';
import { advisoriesFromRecords } from '../../../packages/server/src/feeds/index/advisories-from-records.ts';
import { commonVulnerabilitiesAndExposures } from '../../../packages/server/src/rules/common-vulnerabilities-and-exposures/index.ts';
import { host } from '../security-best-practices/hosts.ts';

type Database = EvidenceData<'packages'>['databases'][number];
export type InstalledPackage = Database['packages'][number];

/** 2026-08-21: Debian 12 is in its long-term support, Ubuntu 22.04 in its regular one, Debian 10 is over. */
export const at = Date.UTC(2026, 7, 21);

export interface HostOptions {
  readonly os?: Partial<EvidenceData<'osRelease'>>;
  readonly uname?: string;
  readonly manager?: Database['manager'];
  readonly repositories?: Database['repositories'];
}

/** A host of the given packages; Debian 12 unless it is told otherwise. */
export function hostOf(
  packages: readonly InstalledPackage[],
  { os, uname, manager, repositories }: HostOptions = {},
): HostEvidence {
  const osRelease = { id: 'debian', idLike: [], versionId: '12', hostname: 'web-1', architecture: 'x86_64', ...os };
  const managers: Record<string, Database['manager']> = { debian: 'dpkg', ubuntu: 'dpkg', alpine: 'apk' };
  return host({
    osRelease,
    packages: {
      databases: [
        {
          manager: manager ?? managers[osRelease.id] ?? 'rpm',
          packages: [...packages],
          ...(repositories ? { repositories } : {}),
        },
      ],
      otherSoftware: [],
    },
    ...(uname === undefined ? {} : { kernel: { release: uname, architecture: 'x86_64' } }),
  });
}

/** `name version`, and `name version < source source-version` where they differ; of Debian, where packages name who maintains them. */
export function installed(...lines: string[]): InstalledPackage[] {
  return lines.map((line) => {
    const [binary = '', source] = line.split(' < ');
    const [name = '', version = ''] = binary.split(' ');
    const [sourceName, sourceVersion] = source?.split(' ') ?? [];
    return {
      name,
      version,
      architecture: 'x86_64',
      maintainer: 'Debian Tools <team+tools@tracker.debian.org>',
      ...(sourceName === undefined ? {} : { sourceName }),
      ...(sourceVersion === undefined ? {} : { sourceVersion }),
    };
  });
}

export interface Entry {
  readonly ecosystem: string;
  readonly name: string;
  /** Absent: no fix. */
  readonly fixed?: string;
  readonly events?: readonly Record<string, string>[];
  readonly specific?: object;
}

/** One OSV record. */
export const record = (id: string, entries: readonly Entry[], more: object = {}) => ({
  id,
  modified: '2026-08-01T00:00:00Z',
  upstream: [id.replace(/^(?:DEBIAN|UBUNTU|ALPINE)-/, '')],
  ...more,
  affected: entries.map(({ ecosystem, name, fixed, events, specific }) => ({
    package: { ecosystem, name },
    ranges: [
      { type: 'ECOSYSTEM', events: events ?? [{ introduced: '0' }, ...(fixed === undefined ? [] : [{ fixed }])] },
    ],
    ...(specific === undefined ? {} : { ecosystem_specific: specific }),
  })),
});

/** Debian's own record of a CVE in one package of Debian 12. */
export const debianCve = (cve: string, name: string, fixed?: string, specific: object = { urgency: 'low' }) =>
  record(`DEBIAN-${cve}`, [{ ecosystem: 'Debian:12', name, ...(fixed === undefined ? {} : { fixed }), specific }]);

/** What is said of the advisories whatever the host's packages; whole.test.ts has it. */
export const ofTheFeeds: ReadonlySet<string> = new Set([
  'Vulnerabilities without a fix',
  'Records of the advisories',
  'Repositories of the host',
]);

/** Everything that is said of CVEs and of packages, in short and in order: what a test leaves out fails it. */
export interface Said {
  /** `CVE package installed -> fixed STATE Severity`. */
  readonly findings: readonly string[];
  /** `Package source: reason`. */
  readonly notAssessed: readonly string[];
}

export async function judge(evidence: HostEvidence, records: readonly unknown[]): Promise<Said> {
  return judgeBy(evidence, await advisoriesFromRecords(records));
}

export function judgeBy(evidence: HostEvidence, advisories: Advisories): Said {
  const verdicts = commonVulnerabilitiesAndExposures.evaluate(evidence, { advisories, at });
  return {
    findings: verdicts.flatMap((verdict) => {
      if (verdict.outcome !== 'FINDING') return [];
      const { packages = [], severity } = verdict.finding;
      return packages.map(
        ({ name, installedVersion, fixedVersion, state }) =>
          `${verdict.ruleId} ${name} ${installedVersion} -> ${fixedVersion} ${state} ${severity}`,
      );
    }),
    notAssessed: verdicts.flatMap((verdict) =>
      verdict.outcome === 'NOT_ASSESSED' && !ofTheFeeds.has(verdict.ruleId)
        ? [`${verdict.ruleId}: ${verdict.reason}`]
        : [],
    ),
  };
}

export const verdictsOf = async (evidence: HostEvidence, records: readonly unknown[]): Promise<readonly Verdict[]> =>
  commonVulnerabilitiesAndExposures.evaluate(evidence, { advisories: await advisoriesFromRecords(records), at });

/** A host where nothing is to be said. */
export const clean: Said = { findings: [], notAssessed: [] };
