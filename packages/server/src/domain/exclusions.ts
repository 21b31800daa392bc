import { adviceOn, isError } from './not-assessed.ts';
import { reasonsOf, type UnassessedRule } from './reasons-of-rules.ts';

/**
 * Exclusions: what a run did not assess, and why. Titles are the user guide's exclusion types; the texts are ours.
 */
export interface ExclusionDocument {
  readonly title: string;
  readonly description: string;
  readonly recommendation: string;
  readonly scopes: readonly { readonly key: 'INSTANCE_ID' | 'RULES_PACKAGE_ARN'; readonly value: string }[];
  readonly attributes: readonly { readonly key: string; readonly value: string }[];
}

/** Why something is excluded; the first part of an exclusion's subject. */
const kinds = {
  'no-instances': { error: true },
  'agent-unhealthy': { error: true },
  'not-delivered': { error: true },
  'identity-contested': { error: true },
  'host-removed': { error: false },
  'host-forgotten': { error: false },
  'unsupported-os': { error: false },
  'package-not-available': { error: false },
  'no-knowledge': { error: true },
  'old-knowledge': { error: false },
  'knowledge-behind': { error: true },
  'evaluation-error': { error: true },
  'not-covered': { error: false },
  'evidence-not-collected': { error: true },
  'agent-already-running': { error: true },
} as const satisfies Readonly<Record<string, { readonly error: boolean }>>;
export type ExclusionKind = keyof typeof kinds;

/** Those that something should have worked for: a run that has one ends COMPLETED_WITH_ERRORS. */
export const errorKinds = (Object.keys(kinds) as ExclusionKind[]).filter((kind) => kinds[kind].error);

/** What earlier versions called a kind. */
const earlier: Readonly<Record<string, ExclusionKind>> = {
  'no-advisories': 'no-knowledge',
  'old-feeds': 'old-knowledge',
};

/** The kind of an exclusion by its subject; undefined for one that was imported. */
export function exclusionKindOf(subject: string): ExclusionKind | undefined {
  const [name = ''] = subject.split('/', 1);
  return Object.hasOwn(kinds, name) ? (name as ExclusionKind) : earlier[name];
}

/** An exclusion before it has an id: `subject` says what is excluded and why, and is unique in a run. */
export interface Exclusion {
  readonly subject: `${ExclusionKind}/${string}` | 'no-instances';
  readonly document: ExclusionDocument;
}

export interface PackageReference {
  readonly name: string;
  readonly arn: string;
}

export const ofPackage = ({ arn }: PackageReference) => ({ key: 'RULES_PACKAGE_ARN', value: arn }) as const;
const ofHost = (agent: string) => ({ key: 'INSTANCE_ID', value: agent }) as const;
/** An image has no host name. */
const named = (hostname: string, agent: string): string => (hostname ? `${hostname} (${agent})` : agent);

export const noInstances = (targetName: string, rulesPackages: readonly PackageReference[]): Exclusion => ({
  subject: 'no-instances',
  document: {
    title: 'No instances in assessment target',
    description: `No host matches the assessment target "${targetName}": there is nothing to assess.`,
    recommendation:
      "Start an agent on the hosts that you want to assess and give it a tag of the target's resource group: assay agent --server URL --token TOKEN --tag Key=Value. A target without a resource group matches every host.",
    scopes: rulesPackages.map(ofPackage),
    attributes: [],
  },
});

export const agentUnhealthy = (agent: string, hostname: string, detail: string): Exclusion => ({
  subject: `agent-unhealthy/${agent}`,
  document: {
    title: 'Agent is unhealthy',
    description: `The agent on ${named(hostname, agent)} cannot take part: ${detail}. The host is not assessed.`,
    recommendation: `See that the agent runs on ${hostname} and can reach this server, then start a new run.`,
    scopes: [ofHost(agent)],
    attributes: [],
  },
});

export const notDelivered = (agent: string, hostname: string, missing: string): Exclusion => ({
  subject: `not-delivered/${agent}`,
  document: {
    title: 'Agent is unhealthy',
    description: `The agent on ${named(hostname, agent)} did not deliver its evidence before collection ended: ${missing}. The host is not assessed.`,
    recommendation: `See the agent's output on ${hostname}, give the assessment template a longer duration if the host is slow, then start a new run.`,
    scopes: [ofHost(agent)],
    attributes: [],
  },
});

export const identityContested = (agent: string, hostname: string, other: string | null): Exclusion => ({
  subject: `identity-contested/${agent}`,
  document: {
    title: 'Agent is unhealthy',
    description: `Two machines use the identity of ${hostname} (${agent})${other ? `; the other one calls itself ${other}` : ''}. What either sent could be true of the other, so the host is not assessed.`,
    recommendation: `One of the two is a copy, of a disk or of an image with the agent's state. On the copy, remove the agent's state (identity.json) and start the agent with a new token: assay tokens create. Then start a new run.`,
    scopes: [ofHost(agent)],
    attributes: [],
  },
});

export const hostRemoved = (agent: string, hostname: string): Exclusion => ({
  subject: `host-removed/${agent}`,
  document: {
    title: 'Agent is unhealthy',
    description: `${hostname} (${agent}) was removed while the run went on. The host is not assessed.`,
    recommendation: 'None, where the host is gone. To assess it again, enrol it with a new token: assay tokens create.',
    scopes: [ofHost(agent)],
    attributes: [],
  },
});

/** Said in the run with which a host leaves its targets, and in no later one. */
export const hostForgotten = (agent: string, hostname: string, seenAt: number): Exclusion => ({
  subject: `host-forgotten/${agent}`,
  document: {
    title: 'Agent is unhealthy',
    description: `The agent on ${hostname} (${agent}) has not been heard since ${dayOf(seenAt)}, longer than this server waits for a host (assay serve --forget-hosts-after). The host is not assessed, and has left its assessment targets: later runs do not mention it.`,
    recommendation: `If ${hostname} is in use, start its agent: the host is in its targets again as soon as it is heard. If it is gone, there is nothing to do.`,
    scopes: [ofHost(agent)],
    attributes: [],
  },
});

export const unsupportedOs = (
  agent: string,
  hostname: string,
  rulesPackage: PackageReference,
  reason: string,
): Exclusion => ({
  subject: `unsupported-os/${agent}/${rulesPackage.arn}`,
  document: {
    title: 'Unsupported operating system version',
    description: `${rulesPackage.name} is not evaluated for ${named(hostname, agent)}: ${reason}.`,
    recommendation:
      'Assess this host with a rules package that supports its operating system; see docs/compatibility.md.',
    scopes: [ofHost(agent), ofPackage(rulesPackage)],
    attributes: [],
  },
});

/** A rules package that is listed under its published ARN and that this version cannot evaluate. */
export const packageNotAvailable = (rulesPackage: PackageReference): Exclusion => ({
  subject: `package-not-available/${rulesPackage.arn}`,
  document: {
    title: 'Rules package not supported by OS',
    description: `${rulesPackage.name} is listed so that existing templates keep working, but this version of Assay cannot evaluate it for any operating system. No host is assessed with it.`,
    recommendation:
      'Do not read the absence of findings of this rules package as a clean result. Upgrade Assay when a version with this rules package is out.',
    scopes: [ofPackage(rulesPackage)],
    attributes: [],
  },
});

/** For a preview: rules that need what the host's agent does not collect will not be assessed. */
export const evidenceNotCollected = (
  agent: string,
  hostname: string,
  agentVersion: string,
  kinds: readonly string[],
): Exclusion => ({
  subject: `evidence-not-collected/${agent}`,
  document: {
    title: 'Rules evaluation error for single instance',
    description: `The agent on ${hostname || 'a host without a name'} (${agent}, version ${agentVersion}) does not collect ${kinds.join(', ')}. The rules that need this evidence will not be assessed for this host; all others will.`,
    recommendation: `Install a newer agent on ${hostname}.`,
    scopes: [ofHost(agent)],
    attributes: [],
  },
});

/** The exclusions of one host under one package: what should have worked, and what the package does not cover. */
export function unassessedRules(
  agent: string,
  hostname: string,
  rulesPackage: PackageReference,
  all: readonly UnassessedRule[],
): Exclusion[] {
  const { failed = [], uncovered = [] } = Object.groupBy(all, ({ because }) =>
    isError(because.code) ? 'failed' : 'uncovered',
  );
  const exclusion = (
    kind: 'evaluation-error' | 'not-covered',
    title: string,
    rules: readonly UnassessedRule[],
  ): Exclusion[] =>
    rules.length === 0
      ? []
      : [
          {
            subject: `${kind}/${agent}/${rulesPackage.arn}`,
            document: {
              title,
              description: bounded(
                `${rules.length === 1 ? 'One rule' : `${rules.length} rules`} of ${rulesPackage.name} could not be evaluated for ${named(hostname, agent)}. ${reasonsOf(rules)}`,
              ),
              recommendation: bounded([...new Set(rules.map(({ because }) => adviceOn(because)))].join(' ')),
              scopes: [ofHost(agent), ofPackage(rulesPackage)],
              attributes: rules.slice(0, 50).map(({ rule }) => ({ key: 'RULE', value: rule.slice(0, 256) })),
            },
          },
        ];
  return [
    ...exclusion('evaluation-error', 'Rules evaluation error for single instance', failed),
    ...exclusion('not-covered', 'Not covered by the rules package', uncovered),
  ];
}

/** For a preview: StartAssessmentRun refuses to start while a host takes part in another run. */
export const agentAlreadyRunning = (agent: string, hostname: string, runArn: string): Exclusion => ({
  subject: `agent-already-running/${agent}`,
  document: {
    title: 'Agent is already running an assessment',
    description: `${named(hostname, agent)} takes part in the run ${runArn}, which has not ended. A host is in one running assessment at a time.`,
    recommendation: 'Wait for that run to end, or stop it, before you start another over this host.',
    scopes: [ofHost(agent)],
    attributes: [],
  },
});

/** For a preview that could not be worked out. */
export const previewFailed: ExclusionDocument = {
  title: 'Rules evaluation error',
  description: 'The preview could not be worked out because of a fault of the service; its log has the cause.',
  recommendation: 'Ask for another preview. A run shows its own exclusions when it has ended.',
  scopes: [],
  attributes: [],
};

export const dayOf = (time: number): string => new Date(time).toISOString().slice(0, 10);

/** The API's longest text. */
export const bounded = (text: string): string => (text.length <= 20_000 ? text : `${text.slice(0, 19_999)}…`);
