import type { Severity } from '../../domain/rules-package.ts';
import { severities } from '../../domain/severity.ts';
import type { CurrentFinding } from './current-findings.ts';

export type Grouping = 'RULE' | 'PACKAGE' | 'HOST' | 'RULES_PACKAGE';

/** Findings that have a rule, package, host or rules package in common. */
export interface FindingGroup {
  readonly name: string;
  /** Of a rule, where people call it something else than its name. */
  readonly title: string | undefined;
  readonly findings: number;
  readonly hosts: ReadonlySet<string>;
  readonly rules: ReadonlySet<string>;
  readonly counts: Readonly<Record<Severity, number>>;
  readonly severity: Severity;
  readonly knownExploited: number;
  readonly fixable: number;
  /** The highest. */
  readonly epss: number | undefined;
  readonly packages: ReadonlySet<string>;
  readonly rulesPackages: ReadonlySet<string>;
  /** When the newest of the runs that they are of was completed; milliseconds since the epoch. */
  readonly assessedAt: number;
}

type Building = {
  -readonly [K in keyof FindingGroup]: FindingGroup[K] extends ReadonlySet<string> ? Set<string> : FindingGroup[K];
} & { counts: Record<Severity, number> };

const keys: Readonly<Record<Grouping, (finding: CurrentFinding) => readonly string[]>> = {
  RULE: ({ rule }) => [rule],
  PACKAGE: ({ packages }) => packages,
  HOST: ({ agent }) => [agent],
  RULES_PACKAGE: ({ rulesPackage }) => [rulesPackage],
};

export const noCounts = (): Record<Severity, number> => ({
  High: 0,
  Medium: 0,
  Low: 0,
  Informational: 0,
  Undefined: 0,
});

/**
 * Groups findings, the most urgent group first: known to be exploited, then by severity, vulnerabilities before
 * configuration, EPSS and the number of hosts. A finding of several packages is in the group of each.
 */
export function groupFindings(findings: Iterable<CurrentFinding>, by: Grouping): FindingGroup[] {
  const groups = new Map<string, Building>();
  for (const finding of findings) {
    for (const name of keys[by](finding)) {
      const group = groups.get(name) ?? newGroup(name, by === 'RULE' ? finding.title : undefined);
      groups.set(name, group);
      add(group, finding);
    }
  }
  return [...groups.values()].sort(byUrgency);
}

const newGroup = (name: string, title: string | undefined): Building => ({
  name,
  title,
  findings: 0,
  hosts: new Set(),
  rules: new Set(),
  counts: noCounts(),
  severity: 'Undefined',
  knownExploited: 0,
  fixable: 0,
  epss: undefined,
  packages: new Set(),
  rulesPackages: new Set(),
  assessedAt: 0,
});

function add(group: Building, finding: CurrentFinding): void {
  const { severity, epss } = finding;
  group.findings += 1;
  group.hosts.add(finding.agent);
  group.rules.add(finding.rule);
  group.counts[severity] += 1;
  if (severities.indexOf(severity) > severities.indexOf(group.severity)) group.severity = severity;
  if (finding.knownExploited) group.knownExploited += 1;
  if (finding.fixed) group.fixable += 1;
  if (epss !== undefined) group.epss = Math.max(group.epss ?? 0, epss);
  for (const name of finding.packages) group.packages.add(name);
  group.rulesPackages.add(finding.rulesPackage);
  group.assessedAt = Math.max(group.assessedAt, finding.run.completedAt);
}

const byUrgency = (a: FindingGroup, b: FindingGroup): number =>
  Number(b.knownExploited > 0) - Number(a.knownExploited > 0) ||
  severities.indexOf(b.severity) - severities.indexOf(a.severity) ||
  Number(b.packages.size > 0) - Number(a.packages.size > 0) ||
  (b.epss ?? -1) - (a.epss ?? -1) ||
  b.hosts.size - a.hosts.size ||
  b.findings - a.findings ||
  (a.name < b.name ? -1 : 1);
