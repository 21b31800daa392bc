import type { Run } from '../../domain/run.ts';
import type { ReportReader } from '../../store/tables/report-reader.ts';
import type { ReportChange, ReportChanges } from './report-data.ts';
import type { MutableCounts } from './report-hosts.ts';
import { noCounts, order, type ReportHosts } from './report-hosts.ts';
import type { ReportPackages } from './report-packages.ts';

/** What names a finding in any run: its host, its rules package and its rule. */
export interface FindingName {
  readonly agent: string | null;
  readonly rulesPackage: string;
  readonly rule: string;
}

export const nameOf = ({ agent, rulesPackage, rule }: FindingName): string => `${agent}\n${rulesPackage}\n${rule}`;

/** Changes that are listed by name; all are counted. */
const LISTED = 30;

/**
 * What came and went since the run of the same template before this one; undefined where there is none that completed.
 * What is gone and was not looked at this time is told apart from what is fixed.
 */
export async function gatherChanges(
  reader: Pick<ReportReader, 'runs' | 'findings'>,
  scope: number,
  run: Run,
  {
    found,
    lookedAt,
    hosts,
    packages,
  }: {
    /** {@link nameOf} of each finding of the run, with its severity. */
    readonly found: ReadonlyMap<string, FindingName & Pick<ReportChange, 'severity'>>;
    /** Whether the run can say that this finding is not there. */
    readonly lookedAt: (finding: FindingName) => boolean;
    readonly hosts: ReportHosts;
    readonly packages: ReportPackages;
  },
): Promise<ReportChanges | undefined> {
  const before = await reader.runs.completedBefore(scope, run);
  if (!before) return undefined;
  const had = new Set<string>();
  const [came, gone, unknown] = [tally(), tally(), tally()];
  const add = (to: Tally, { agent, rulesPackage, rule, severity }: FindingName & Pick<ReportChange, 'severity'>) => {
    to.counts[severity] += 1;
    const of = packages.known(rulesPackage);
    const key = `${rulesPackage}\n${rule}\n${severity}`;
    const change = to.byRule.get(key) ?? { rulesPackage: of, rule, severity, hosts: new Set<string>() };
    to.byRule.set(key, change);
    change.hosts.add(hosts.nameOf(agent));
  };
  for await (const finding of reader.findings.streamKeys(scope, before.id)) {
    const name = nameOf(finding);
    had.add(name);
    if (!found.has(name)) add(lookedAt(finding) ? gone : unknown, finding);
  }
  for (const [name, finding] of found) if (!had.has(name)) add(came, finding);
  return {
    before,
    came: ended(came),
    gone: ended(gone),
    notLookedAt: ended(unknown),
  };
}

interface Tally {
  readonly counts: MutableCounts;
  readonly byRule: Map<string, Omit<ReportChange, 'hosts'> & { readonly hosts: Set<string> }>;
}

const tally = (): Tally => ({ counts: noCounts(), byRule: new Map() });

const ranks = ['High', 'Medium', 'Low', 'Informational', 'Undefined'];

const ended = ({ counts, byRule }: Tally) => ({
  counts,
  rules: byRule.size,
  listed: [...byRule.values()]
    .sort((a, b) => ranks.indexOf(a.severity) - ranks.indexOf(b.severity) || order(a.rule, b.rule))
    .slice(0, LISTED)
    .map((change) => ({ ...change, hosts: [...change.hosts].sort(order) })),
});
