import type { AssayInput } from '@assay/model/assay/operations.ts';
import { matchesWildcard } from '../../domain/wildcard.ts';
import type { CurrentFinding } from '../../engine/fleet/current-findings.ts';
import { groupFindings as group, noCounts } from '../../engine/fleet/group-findings.ts';
import { findingGroupItem, severityCounts } from '../../engine/items/finding-group-item.ts';
import { requireForm } from '../arns.ts';
import type { Deps } from '../operation.ts';
import { slicePage } from '../page.ts';
import type { AssayOperation } from './operation.ts';
import { assayPage } from './page.ts';
import { requireId } from './resources.ts';

export const groupFindings: AssayOperation<'GroupFindings', 'store' | 'tokens' | 'currentFindings'> =
  ({ store, tokens, currentFindings }) =>
  async (input, caller) => {
    const { groupBy, filter = {} } = input;
    const { hostArns, rulesPackageArns, namePattern } = filter;
    const hosts = hostArns && new Set(hostArns.map((arn) => requireId(caller, 'host', arn)));
    if (rulesPackageArns) requireForm(caller, 'rulespackage', rulesPackageArns);
    const page = assayPage(tokens, 'GroupFindings', caller, input);
    const { assessed, findings, complete } = await currentFindings(caller.scope);
    const wanted = findings.filter((finding) => (!hosts || hosts.has(finding.agent)) && matches(filter, finding));
    const gathers = input.gatherClosedPorts === true;
    const groups = group(gathers ? wanted.filter(({ closedPort }) => !closedPort) : wanted, groupBy);
    const names = groupBy === 'HOST' ? await hostnames(store, caller.scope, groups) : undefined;
    const pattern = `*${namePattern?.toLowerCase() ?? ''}*`;
    const shown = groups.filter(({ name, title }) =>
      [names?.get(name) ?? name, ...(title === undefined ? [] : [title])].some((each) =>
        matchesWildcard(pattern, each.toLowerCase()),
      ),
    );
    const { rows, nextToken } = await slicePage(page, shown, ({ name }) => name);
    return {
      groups: rows.map((each) => findingGroupItem(caller, each, names && (names.get(each.name) ?? each.name))),
      totalGroups: shown.length,
      totalFindings: wanted.length,
      assessedHosts: new Set(assessed.map(({ agent }) => agent)).size,
      ...(gathers ? { closedPorts: closedPortsOf(wanted) } : {}),
      complete,
      ...(nextToken === undefined ? {} : { nextToken }),
    };
  };

function closedPortsOf(findings: readonly CurrentFinding[]) {
  const closed = findings.filter(({ closedPort }) => closedPort);
  const counts = noCounts();
  for (const { severity } of closed) counts[severity] += 1;
  return {
    findings: closed.length,
    hosts: new Set(closed.map(({ agent }) => agent)).size,
    rules: new Set(closed.map(({ rule }) => rule)).size,
    counts: severityCounts(counts),
  };
}

type Filter = NonNullable<AssayInput<'GroupFindings'>['filter']>;

const matches = (
  { severities, knownExploitedOnly, fixableOnly, ruleNames, packageName, rulesPackageArns }: Filter,
  finding: CurrentFinding,
): boolean =>
  (!severities || severities.includes(finding.severity)) &&
  (!knownExploitedOnly || finding.knownExploited) &&
  (!fixableOnly || finding.fixed) &&
  (!ruleNames || ruleNames.includes(finding.rule)) &&
  (packageName === undefined || finding.packages.includes(packageName)) &&
  (!rulesPackageArns || rulesPackageArns.includes(finding.rulesPackage));

async function hostnames(
  { agents: hosts }: Pick<Deps['store'], 'agents'>,
  scope: number,
  groups: readonly { readonly name: string }[],
): Promise<ReadonlyMap<string, string>> {
  const names = new Map<string, string>();
  for (let from = 0; from < groups.length; from += 500) {
    const agents = await hosts.findMany(
      scope,
      groups.slice(from, from + 500).map(({ name }) => name),
    );
    for (const { id, hostname } of agents) names.set(id, hostname);
  }
  return names;
}
