import type { Output } from '@assay/model/api/operations.ts';
import { parseArn } from '@assay/model/arn.ts';
import { assayArn } from '@assay/model/assay/arn.ts';
import type { AssayInput, AssayOutput } from '@assay/model/assay/operations.ts';
import { packagesNamed } from '@assay/model/vulnerable-packages.ts';
import type { Client } from '../client/client.ts';
import { listAll } from '../client/list-all.ts';
import { isoTime } from '../terminal/times.ts';
import type { Exported, ExportedExclusion, ExportedFinding, ExportedHost } from './exported.ts';
import { vulnerabilityOf } from './vulnerability-of.ts';

type Filter = NonNullable<AssayInput<'SearchFindings'>['filter']>;
type Summary = AssayOutput<'SearchFindings'>['findings'][number];
type Item = Output<'DescribeFindings'>['findings'][number];

/** What a server that holds to the API's model describes at once. */
const AT_ONCE = 10;
const PAGE = 100;

/** How much is exported, and what is told when there is more. */
export interface ExportBounds {
  readonly limit: number;
  readonly onMore: (shown: number) => void;
}

/**
 * The findings that match, newest first, then what their runs and those of the filter did not assess. Only hosts in the filter
 * leave exclusions out: any rule could be one that was not assessed.
 */
export async function* exportedItems(
  client: Client,
  filter: Filter,
  { limit, onMore }: ExportBounds,
): AsyncGenerator<Exported, void> {
  const scope = await client.scope();
  const { hosts, packages } = lookUps(client, scope);
  const runs = new Set(filter.assessmentRunArns);
  let left = limit;
  let token: string | undefined;
  do {
    const page = await client.assay('SearchFindings', {
      filter,
      includePackages: true,
      nextToken: token,
      maxResults: Math.min(PAGE, left),
    });
    const summaries = page.findings;
    const items = new Map((await describeFindings(client, summaries)).map((item) => [item.arn, item]));
    const hostOf = await hosts(summaries.map(({ agentId, hostname }) => ({ agentId, hostname })));
    const nameOf = await packages(summaries.map(({ rulesPackageArn }) => rulesPackageArn));
    for (const summary of summaries) {
      const item = items.get(summary.findingArn);
      // Deleted between the two calls.
      if (!item) continue;
      runs.add(summary.assessmentRunArn);
      yield findingOf(summary, item, { ...scope, host: hostOf(summary.agentId), nameOf });
    }
    left -= summaries.length;
    token = page.nextToken;
  } while (token !== undefined && left > 0);
  if (token !== undefined) onMore(limit);
  for (const run of runs) yield* exclusionsOf(client, run, filter.hostArns, { ...scope, hosts, packages });
}

async function describeFindings(client: Client, summaries: readonly Summary[]): Promise<Item[]> {
  const answers = await Promise.all(
    chunks(summaries.map(({ findingArn }) => findingArn)).map((findingArns) =>
      client.inspector('DescribeFindings', { findingArns }),
    ),
  );
  return answers.flatMap(({ findings }) => findings);
}

interface Scope {
  readonly account: string;
  readonly region: string;
}

function findingOf(
  summary: Summary,
  item: Item,
  { account, region, host, nameOf }: Scope & { host: ExportedHost; nameOf: (arn: string) => string },
): ExportedFinding {
  return {
    kind: 'finding',
    arn: summary.findingArn,
    runArn: summary.assessmentRunArn,
    account,
    region,
    host: summary.agentId ? { ...host, hostname: summary.hostname } : strangerOf(summary),
    rulesPackageArn: summary.rulesPackageArn,
    rulesPackage: nameOf(summary.rulesPackageArn),
    rule: summary.ruleName,
    title: summary.title,
    description: item.description ?? '',
    recommendation: item.recommendation ?? '',
    severity: summary.severity,
    createdAt: isoTime(item.createdAt),
    updatedAt: isoTime(item.updatedAt),
    benchmark: item.attributes.some(({ key }) => key === 'CIS_BENCHMARK_PROFILE'),
    vulnerability: vulnerabilityOf(
      summary.ruleName,
      item.attributes,
      summary.packages ?? packagesNamed(item.attributes),
    ),
  };
}

/** Of imported history: a host that is known by its name only, or not at all. */
const strangerOf = ({ findingArn, hostname }: Summary): ExportedHost => ({
  arn: hostname ? `urn:assay:host:${encodeURIComponent(hostname)}` : `${findingArn}#host`,
  agentId: '',
  hostname: hostname || 'unknown',
});

async function* exclusionsOf(
  client: Client,
  run: string,
  only: readonly string[] | undefined,
  { account, region, hosts, packages }: Scope & LookUps,
): AsyncGenerator<ExportedExclusion, void> {
  // The run itself may be of history that was deleted since.
  if (parseArn(run)?.kind !== 'run') return;
  const { assessmentRuns } = await client.inspector('DescribeAssessmentRuns', { assessmentRunArns: [run] });
  const ended = assessmentRuns[0]?.completedAt ?? assessmentRuns[0]?.stateChangedAt;
  if (ended === undefined) return;
  const arns = await listAll(async (nextToken) => {
    const page = await client.inspector('ListExclusions', { assessmentRunArn: run, nextToken, maxResults: PAGE });
    return { items: page.exclusionArns, nextToken: page.nextToken };
  });
  for (const exclusionArns of chunks(arns)) {
    const { exclusions } = await client.inspector('DescribeExclusions', { exclusionArns });
    for (const arn of exclusionArns) {
      const exclusion = exclusions[arn];
      if (!exclusion) continue;
      const named = (key: string) => exclusion.scopes.flatMap((each) => (each.key === key ? (each.value ?? []) : []));
      const agents = named('INSTANCE_ID');
      const wanted = only ? agents.filter((id) => only.some((host) => host.endsWith(`/${id}`))) : agents;
      if (agents.length > 0 && wanted.length === 0) continue;
      const hostOf = await hosts(wanted.map((agentId) => ({ agentId, hostname: agentId })));
      const nameOf = await packages(named('RULES_PACKAGE_ARN'));
      const rules = (exclusion.attributes ?? []).flatMap(({ key, value }) => (key === 'RULE' && value ? [value] : []));
      const cves = [exclusion.description, ...rules].flatMap((text) => text.match(/\bCVE-\d{4}-\d{4,10}\b/g) ?? []);
      yield {
        kind: 'exclusion',
        arn,
        runArn: run,
        account,
        region,
        hosts: wanted.map(hostOf),
        rulesPackages: named('RULES_PACKAGE_ARN').map(nameOf),
        rules,
        vulnerabilities: [...new Set(cves)].sort(),
        title: exclusion.title,
        description: exclusion.description,
        recommendation: exclusion.recommendation,
        createdAt: isoTime(ended),
      };
    }
  }
}

interface Named {
  readonly agentId: string;
  readonly hostname: string;
}

type LookUps = ReturnType<typeof lookUps>;

/** What hosts and rules packages are called: each is asked for once. */
function lookUps(client: Client, scope: Scope) {
  const known = new Map<string, ExportedHost>();
  const names = new Map<string, string>();
  const hosts = async (wanted: readonly Named[]): Promise<(agentId: string) => ExportedHost> => {
    const missing = new Map(wanted.filter(({ agentId }) => !known.has(agentId)).map((each) => [each.agentId, each]));
    const arns = [...missing.keys()].filter((id) => /^i-[0-9a-f]{17}$/.test(id));
    for (const hostArns of chunks(arns.map((id) => assayArn(scope, 'host', id)))) {
      const answer = await client.assay('DescribeHosts', { hostArns });
      for (const { hostArn, agentId, hostname, operatingSystem } of answer.hosts) {
        known.set(agentId, { arn: hostArn, agentId, hostname, operatingSystem });
      }
    }
    for (const [agentId, { hostname }] of missing) {
      if (!known.has(agentId)) known.set(agentId, { arn: assayArn(scope, 'host', agentId), agentId, hostname });
    }
    return (agentId) => known.get(agentId) ?? { arn: assayArn(scope, 'host', agentId), agentId, hostname: agentId };
  };
  const packages = async (wanted: readonly string[]): Promise<(arn: string) => string> => {
    const missing = [...new Set(wanted)].filter((arn) => !names.has(arn) && parseArn(arn)?.kind === 'rulespackage');
    for (const rulesPackageArns of chunks(missing)) {
      const answer = await client.inspector('DescribeRulesPackages', { rulesPackageArns });
      for (const { arn, name } of answer.rulesPackages) names.set(arn, name);
    }
    return (arn) => names.get(arn) ?? arn;
  };
  return { hosts, packages };
}

const chunks = <T>(all: readonly T[]): T[][] =>
  Array.from({ length: Math.ceil(all.length / AT_ONCE) }, (_, at) => all.slice(at * AT_ONCE, (at + 1) * AT_ONCE));
