import type { Severity } from '../../../packages/server/src/domain/rules-package.ts';
import { prioritiesOf } from '../../../packages/server/src/engine/reports/priorities.ts';
import type {
  FindingGroup,
  ReportData,
  ReportHost,
  SeverityCounts,
} from '../../../packages/server/src/engine/reports/report-data.ts';

const severities: readonly Severity[] = ['High', 'Medium', 'Low', 'Informational', 'Undefined'];
const countsOf = (found: readonly Severity[]): SeverityCounts =>
  Object.fromEntries(
    severities.map((severity) => [severity, found.filter((each) => each === severity).length]),
  ) as SeverityCounts;

export interface Shape {
  readonly groups: number;
  readonly hosts: number;
  /** Stands in every text that comes from outside. */
  readonly text?: string;
  readonly full?: boolean;
}

/** A report of so many rules that each found something on every host. */
export function someReport({ groups, hosts: hostCount, text = '', full = false }: Shape): ReportData {
  const arn = 'arn:aws:inspector:eu-west-1:123456789012:target/0-kFIPusqA';
  const of = (group: number): Severity => severities[Math.floor((group * severities.length) / groups)] ?? 'Low';
  const all = Array.from({ length: groups }, (_, group) => of(group));
  const packages = ['Security Best Practices', 'Common Vulnerabilities and Exposures'].map((name, at) => ({
    arn: `arn:aws:inspector:eu-west-1:357557129151:rulespackage/0-${name.slice(0, 8)}`,
    name,
    version: `1.${at}`,
    provider: 'Assay',
    description: `Looks at ${name}. ${text}`,
    evaluated: true,
    counts: countsOf(
      all.filter((_, group) => group % 2 === at).flatMap((each) => Array<Severity>(hostCount).fill(each)),
    ),
  }));
  const hosts: ReportHost[] = Array.from({ length: hostCount }, (_, at) => ({
    agent: `i-${String(at).padStart(17, '0')}`,
    hostname: `host-${at}.example.org${text}`,
    operatingSystem: `Debian GNU/Linux 12 (bookworm)${text}`,
    kernel: '6.1.0-18-amd64',
    addresses: [`10.0.${at >> 8}.${at & 255}`],
    health: 'HEALTHY',
    deliveredAt: Date.UTC(2026, 10, 22, 9, 26, 31),
    agentVersion: '0.1.0',
    root: at % 2 === 0,
    evidence: {
      documents: 1,
      digest: 'ab'.repeat(32),
      ...(full && {
        listed: [
          { kind: 'osRelease', digest: 'cd'.repeat(32), size: 512, collectedAt: Date.UTC(2026, 10, 22, 9, 26, 30) },
        ],
      }),
    },
    counts: countsOf(all),
  }));
  const findings = all
    .map((severity, group): FindingGroup => {
      const rulesPackage = packages[group % 2];
      if (!rulesPackage) throw new Error('There are two packages');
      return {
        anchor: `finding-${group + 1}`,
        rulesPackage,
        rule: `Rule ${group}${text}`,
        severity,
        title: `Finding title number ${group}${text}`,
        component: undefined,
        hosts: hostCount,
        variants: [
          {
            description: `On this host something number ${group} is not as it should be, which lets others do what they should not.${text}`,
            recommendation: `Set number ${group} right in /etc/example.conf and load it again.${text}`,
            occurrences: hosts.map((host, at) => ({
              id: `0-${String(group * hostCount + at).padStart(8, '0')}`,
              host,
              attributes: [{ key: 'package_name', value: `openssl 3.0.${at}${text}` }],
              observations: [
                { source: `/etc/example.conf:${at}${text}`, observed: `number ${group} no${text}`, expected: 'yes' },
                { source: '/etc/example.conf.d/50-other.conf', observed: 'nothing that would have come before it' },
              ],
            })),
          },
        ],
      };
    })
    .sort((a, b) => packages.indexOf(a.rulesPackage as never) - packages.indexOf(b.rulesPackage as never));
  const [first] = packages;
  if (!first) throw new Error('There are two packages');
  return {
    type: full ? 'FULL' : 'FINDING',
    createdAt: Date.UTC(2026, 10, 22, 9, 30),
    askedBy: 'AKIAI44QH8DHBEXAMPLE',
    assay: '0.1.0',
    signedWith: `ed25519:${'A'.repeat(43)}`,
    account: '123456789012',
    region: 'eu-west-1',
    run: {
      name: `Run of the week${text}`,
      arn: `${arn}/template/0-4r1V2mAw/run/0-MKkpXXPE`,
      state: 'COMPLETED_WITH_ERRORS',
      startedBy: 'AKIAIOSFODNN7EXAMPLE',
      tags: [{ key: `role${text}`, value: `web${text}` }],
      evaluatedAt: Date.UTC(2026, 10, 22, 9, 27),
      evaluatedBy: '0.1.0',
      evidenceOf: undefined,
      target: { name: `Web servers${text}`, arn },
      template: { name: `weekly${text}`, arn: `${arn}/template/0-4r1V2mAw` },
      createdAt: Date.UTC(2026, 10, 22, 9, 26),
      startedAt: Date.UTC(2026, 10, 22, 9, 26, 2),
      completedAt: Date.UTC(2026, 10, 22, 9, 27, 7),
      duration: 3600,
      stateChanges: [{ at: Date.UTC(2026, 10, 22, 9, 27, 7), state: 'COMPLETED_WITH_ERRORS' }],
      userAttributes: [{ key: `owner${text}`, value: `platform${text}` }],
      imported: false,
    },
    counts: countsOf(all.flatMap((each) => Array<Severity>(hostCount).fill(each))),
    packages,
    hosts,
    knowledge: [
      {
        kind: 'advisories',
        name: 'index-1',
        digest: 'ef'.repeat(32),
        sources: ['Debian', 'epss', 'kev'].map((name) => ({
          name: `${name}${text}`,
          updatedAt: Date.UTC(2026, 10, 21),
          newestAt: Date.UTC(2026, 10, 20),
          digest: '01'.repeat(32),
        })),
      },
    ],
    priorities: prioritiesOf(findings),
    changes: undefined,
    findings,
    exclusions: [
      {
        title: `Agent is unhealthy${text}`,
        description: `It was heard of last 3 hours ago.${text}`,
        recommendation: `See that it runs.${text}`,
        hosts: hosts.slice(0, 1),
        packages: [first],
      },
    ],
    rules: full
      ? Array.from({ length: groups }, (_, at) => ({
          anchor: `rule-${at + 1}`,
          rulesPackage: first,
          rule: `Rule ${at}${text}`,
          title: `Rule title number ${at}${text}`,
          severity: 'Medium',
          counts: { PASSED: hostCount - 1, FINDING: 0, NOT_APPLICABLE: 0, NOT_ASSESSED: 1 },
          results: hosts.map((host, index) => ({
            host,
            outcome: index === 0 ? 'NOT_ASSESSED' : 'PASSED',
            reason: index === 0 ? `could not be read${text}` : '',
            observations: [{ source: `/proc/sys/number-${at}`, observed: '2' }],
            finding: undefined,
          })),
        }))
      : undefined,
    observationsLeftOut: 0,
  };
}
