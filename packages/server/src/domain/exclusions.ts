import type { FeedReference } from './run-knowledge.ts';

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

/** An exclusion before it has an id: `subject` says what is excluded and why, and is unique in a run. */
export interface Exclusion {
  readonly subject: string;
  readonly document: ExclusionDocument;
}

interface PackageReference {
  readonly name: string;
  readonly arn: string;
}

const ofPackage = ({ arn }: PackageReference) => ({ key: 'RULES_PACKAGE_ARN', value: arn }) as const;
const ofHost = (agent: string) => ({ key: 'INSTANCE_ID', value: agent }) as const;

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
    description: `The agent on ${hostname} (${agent}) cannot take part: ${detail}. The host is not assessed.`,
    recommendation: `See that the agent runs on ${hostname} and can reach this server, then start a new run.`,
    scopes: [ofHost(agent)],
    attributes: [],
  },
});

export const notDelivered = (agent: string, hostname: string, missing: string): Exclusion => ({
  subject: `not-delivered/${agent}`,
  document: {
    title: 'Agent is unhealthy',
    description: `The agent on ${hostname} (${agent}) did not deliver all its evidence before collection ended: ${missing}. What it delivered was not judged.`,
    recommendation: `See the agent's output on ${hostname}, give the assessment template a longer duration if the host is slow, then start a new run.`,
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
    description: `${rulesPackage.name} is not evaluated for ${hostname} (${agent}): ${reason}.`,
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

/** One for a whole run: without advisories no host can be compared with any. */
export const noAdvisories = (rulesPackage: PackageReference): Exclusion => ({
  subject: `no-advisories/${rulesPackage.arn}`,
  document: {
    title: 'Rules evaluation error',
    description: `${rulesPackage.name} was not evaluated for any host: there are no advisories to compare installed packages with. To get them: npx assay feeds update.`,
    recommendation:
      'Run npx assay feeds update. Then start a new run, or judge the evidence of this one again: npx assay reassess RUN.',
    scopes: [ofPackage(rulesPackage)],
    attributes: [],
  },
});

/** Advisories were there, but vulnerabilities that were published since are not in them. */
export const oldFeeds = (rulesPackage: PackageReference, feeds: readonly FeedReference[], at: number): Exclusion => ({
  subject: `old-feeds/${rulesPackage.arn}`,
  document: {
    title: 'Advisories are older than a week',
    description: bounded(
      `${rulesPackage.name} was evaluated with advisories that are out of date: ${feeds
        .map(({ name, updatedAt }) => `${name} of ${dayOf(updatedAt)} (${Math.floor((at - updatedAt) / DAY)} days old)`)
        .join(', ')}. Vulnerabilities that were published since were not looked for.`,
    ),
    recommendation: 'Run npx assay feeds update. Then judge the evidence of this run again: npx assay reassess RUN.',
    scopes: [ofPackage(rulesPackage)],
    attributes: feeds
      .slice(0, 50)
      .map(({ name, updatedAt }) => ({ key: 'FEED', value: `${name} ${dayOf(updatedAt)}`.slice(0, 256) })),
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
    description: `The agent on ${hostname} (${agent}, version ${agentVersion}) does not collect ${kinds.join(', ')}. The rules that need this evidence will not be assessed for this host; all others will.`,
    recommendation: `Install a newer agent on ${hostname}.`,
    scopes: [ofHost(agent)],
    attributes: [],
  },
});

export const evaluationError = (
  agent: string,
  hostname: string,
  rulesPackage: PackageReference,
  reasons: readonly { readonly rule: string; readonly reason: string }[],
): Exclusion => ({
  subject: `evaluation-error/${agent}/${rulesPackage.arn}`,
  document: {
    title: 'Rules evaluation error for single instance',
    description: bounded(
      `${reasons.length === 1 ? 'One rule' : `${reasons.length} rules`} of ${rulesPackage.name} could not be evaluated for ${hostname} (${agent}). ${reasons
        .map(({ rule, reason }) => `${rule}: ${reason.replace(/[.\s]+$/, '')}.`)
        .join(' ')}`,
    ),
    recommendation:
      'Run the agent as root so that it can read what these rules need, repair what is named above, then start a new run.',
    scopes: [ofHost(agent), ofPackage(rulesPackage)],
    attributes: reasons.slice(0, 50).map(({ rule }) => ({ key: 'RULE', value: rule.slice(0, 256) })),
  },
});

/** For a preview: StartAssessmentRun refuses to start while a host takes part in another run. */
export const agentAlreadyRunning = (agent: string, hostname: string, runArn: string): Exclusion => ({
  subject: `agent-already-running/${agent}`,
  document: {
    title: 'Agent is already running an assessment',
    description: `${hostname} (${agent}) takes part in the run ${runArn}, which has not ended. A host is in one running assessment at a time.`,
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

const DAY = 86_400_000;
const dayOf = (time: number): string => new Date(time).toISOString().slice(0, 10);

/** The API's longest text. */
const bounded = (text: string): string => (text.length <= 20_000 ? text : `${text.slice(0, 19_999)}…`);
