import { randomBytes } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { collect } from '@assay/agent/collect.ts';
import { describeHost } from '@assay/agent/describe-host.ts';
import type { Host } from '@assay/agent/host.ts';
import { refuse } from '@assay/agent/host.ts';
import { sentBytes } from '@assay/agent/pack.ts';
import { keptContent, type ScapContent } from '@assay/agent/scap-content.ts';
import type { Scope } from '@assay/model/arn.ts';
import type { HostEvidence } from '@assay/model/evidence/kinds.ts';
import { type Exclusion, errorKinds, exclusionKindOf } from '../../domain/exclusions.ts';
import type { Finding } from '../../domain/finding.ts';
import { newAgentId, newResourceId, newResourceIds } from '../../domain/ids.ts';
import { keptVerdicts } from '../../domain/kept-verdict.ts';
import type { VulnerablePackage } from '../../domain/rules-package.ts';
import { sumTelemetry, type TelemetryMessages, telemetryOf } from '../../domain/telemetry.ts';
import type { UserAttribute } from '../../domain/template.ts';
import { VERSION } from '../../domain/version.ts';
import { accountOfHost, type HostVerdicts } from '../../engine/account/account-of-host.ts';
import { coverageOf, type DetailedCoverage } from '../../engine/account/coverage.ts';
import { exclusionItem } from '../../engine/items/exclusion-item.ts';
import { findingItem } from '../../engine/items/finding-item.ts';
import { contentOffer } from '../../engine/judging/content-offer.ts';
import type { ContentSource } from '../../engine/judging/content-source.ts';
import { agedKnowledge, unavailablePackages } from '../../engine/judging/exclusions-of-run.ts';
import type { JudgedAgent } from '../../engine/judging/judge-host.ts';
import { judgePackages, type PackageJudgement } from '../../engine/judging/judge-packages.ts';
import {
  type KnowledgeSources,
  referencesOf,
  releaseAll,
  takeCurrent,
  valuesOf,
} from '../../engine/judging/knowledge-source.ts';
import { type CatalogEntry, catalogOf, evidenceNeededBy } from '../../engine/judging/rules-package-catalog.ts';
import { bySeverity, type WireExclusion, type WireFinding } from './assessment.ts';
import { type Attribute, thisHostTag } from './first-assessment.ts';
import { coverageLines, receivedText, type StateLines, stateLines } from './run-progress.ts';

/** A finding as DescribeFindings gives it. The API has no place for its packages. */
export type ScanFinding = WireFinding & { readonly packages?: readonly VulnerablePackage[] };

export interface InProcess {
  readonly scope: Scope;
  readonly host: Host;
  /** Names of packages that have an implementation. */
  readonly packages: readonly string[];
  readonly knowledge: KnowledgeSources;
  readonly content: ContentSource;
  readonly attributes: readonly Attribute[];
  readonly progress: NodeJS.WriteStream;
  /** A folder that is thrown away afterwards. */
  readonly temporary: string;
  readonly signal: AbortSignal;
}

export interface AssessedHere {
  /** The most urgent first. */
  readonly findings: readonly ScanFinding[];
  readonly exclusions: readonly WireExclusion[];
  readonly coverage: DetailedCoverage;
}

/** Sources of an account that declared and probed nothing, as those of a store that was just made. */
export const nothingDeclared = { settings: { find: async () => undefined, put: async () => undefined } };
const NO_SCOPE = 0;
/** There is no other server that could have newer advisories. */
const NOT_BEHIND: ReadonlyMap<string, string> = new Map();

/**
 * Assesses one host in this process, without a server and a store: what its agent would collect is judged by what a
 * server would judge it by. docs/architecture.md says what the two ways share.
 */
export async function assessInProcess(given: InProcess): Promise<AssessedHere> {
  const { scope, host, packages, knowledge, attributes, progress } = given;
  const entries = catalogOf(scope.region).filter(
    ({ name, implementation }) => implementation && packages.includes(name),
  );
  const lines = stateLines(progress, Date.now());
  lines.state('COLLECTING_DATA');
  const agent = await describe(host);
  const { evidence, telemetry } = await collectEvidence(given, entries, lines);
  lines.state('EVALUATING_RULES');
  const kinds = entries.flatMap(({ implementation }) => implementation?.knowledge.map(({ kind }) => kind) ?? []);
  const snapshots = await takeCurrent(knowledge, NO_SCOPE, [...new Set(kinds)]);
  try {
    const at = Date.now();
    const order = { region: scope.region, agent, rulesPackages: entries.map(({ arn }) => arn), at };
    const judged: PackageJudgement[] = [];
    for await (const each of judgePackages({ ...order, userAttributes: attributes }, evidence, valuesOf(snapshots))) {
      judged.push(each);
    }
    const under = { at, versions: {}, ...referencesOf(snapshots, NOT_BEHIND) };
    const exclusions = onceEach([
      ...judged.flatMap(({ judgement }) => judgement.exclusions),
      ...unavailablePackages(entries),
      ...agedKnowledge(entries, under),
    ]);
    lines.state(exclusions.some(isError) ? 'COMPLETED_WITH_ERRORS' : 'COMPLETED');
    const total = sumTelemetry(telemetry).at(-1);
    lines.end(receivedText({ count: total?.count ?? 0, size: total?.dataSize ?? 0, sent: 1, hosts: 1 }));
    const coverage = await coverageOf(accountOfHost(agent.id, judged.flatMap(verdictsOf(entries))));
    progress.write(coverageLines(coverage));
    return { ...items(scope, agent, judged, exclusions, attributes, at), coverage };
  } finally {
    releaseAll(snapshots);
  }
}

/** The host as a server would know it, which it enrolled with just now. */
async function describe(host: Host): Promise<JudgedAgent> {
  const { hostname, ipv4Address } = await describeHost(host, { tags: [thisHostTag], agentVersion: VERSION });
  return { id: newAgentId(randomBytes), hostname, ipv4Address: ipv4Address ?? null, tags: [thisHostTag] };
}

/** Every kind that a run over these packages asks for, as a server has it after it was sent. */
async function collectEvidence(
  given: InProcess,
  entries: readonly CatalogEntry[],
  lines: StateLines,
): Promise<{ readonly evidence: HostEvidence; readonly telemetry: readonly TelemetryMessages[] }> {
  const telemetry: TelemetryMessages[] = [];
  const documents: [string, unknown][] = [];
  const scap = scapContent(given, lines);
  for (const kind of evidenceNeededBy(
    given.scope.region,
    entries.map(({ arn }) => arn),
  )) {
    lines.now(`collecting ${kind}`);
    const bytes = await sentBytes(await collect(kind, given.host, scap));
    const document = JSON.parse(bytes.toString('utf8'));
    telemetry.push(...telemetryOf(document, bytes.length));
    documents.push([kind, document]);
  }
  return { evidence: Object.fromEntries(documents) as HostEvidence, telemetry };
}

/** The content of the data directory, where the agent of a server would ask that for it. */
function scapContent({ content, attributes, temporary, signal }: InProcess, lines: StateLines): ScapContent {
  const directory = join(temporary, 'scap');
  return {
    directory,
    signal,
    log: () => undefined,
    progress: (done, total) => lines.now(`${done} of ${total} rules evaluated`),
    offer: async (system) => {
      const { content: offered, reason = '' } = await contentOffer(content, system, async () => attributes);
      return offered ? { ok: true, value: offered } : refuse('UNSUPPORTED', reason);
    },
    fetch: (offered) =>
      keptContent(
        {
          directory,
          signal,
          open: async ({ sha256 }) => {
            const file = content.streamFile(sha256);
            if (file === undefined) throw new Error('it is gone');
            return createReadStream(file);
          },
        },
        offered,
      ),
  };
}

const isError = ({ subject }: Exclusion): boolean => {
  const kind = exclusionKindOf(subject);
  return kind !== undefined && errorKinds.includes(kind);
};

/** A run has each subject once. */
const onceEach = (exclusions: readonly Exclusion[]): Exclusion[] =>
  [...new Map(exclusions.toReversed().map((each) => [each.subject, each])).values()].toReversed();

const verdictsOf =
  (entries: readonly CatalogEntry[]) =>
  ({ rulesPackage, judgement }: PackageJudgement): HostVerdicts[] =>
    entries
      .filter(({ arn }) => arn === rulesPackage)
      .map((entry) => ({ package: entry, verdicts: keptVerdicts(judgement.verdicts) }));

/** Findings and exclusions as the API describes those of a run. */
function items(
  scope: Scope,
  { id: agent }: JudgedAgent,
  judged: readonly PackageJudgement[],
  exclusions: readonly Exclusion[],
  userAttributes: readonly UserAttribute[],
  at: number,
): Pick<AssessedHere, 'findings' | 'exclusions'> {
  const [target, template, run] = [0, 1, 2].map(() => newResourceId(randomBytes)) as [string, string, string];
  const own = { target, template, run, createdAt: at };
  const findings = judged.flatMap(({ rulesPackage, judgement }) => {
    const ids = newResourceIds(randomBytes, judgement.findings.length);
    return judgement.findings.map(({ document, ...finding }, place): ScanFinding => {
      const about = { id: ids[place] ?? '', agent, autoScalingGroup: null, rulesPackage, updatedAt: at };
      const row: Finding = { ...finding, ...own, ...about, document: { ...document, userAttributes } };
      const verdict = judgement.verdicts[finding.verdict];
      const packages = verdict?.outcome === 'FINDING' ? verdict.finding.packages : undefined;
      return { ...findingItem(scope, row), ...(packages && { packages }) };
    });
  });
  return {
    findings: findings.sort(bySeverity),
    exclusions: exclusions.map((exclusion) =>
      exclusionItem(scope, { ...exclusion, ...own, id: newResourceId(randomBytes) }),
    ),
  };
}
