import type { HostEvidence } from '@assay/model/evidence/kinds.ts';
import { oneLine } from '@assay/model/safe-text.ts';
import type { Observation, Rule, RulesPackage, Verdict } from '../../domain/rules-package.ts';
import type { BestPractice, Judgement } from './best-practice.ts';
import { disablePasswordLogin } from './disable-password-login.ts';
import { disableRootLogin } from './disable-root-login.ts';
import { enableAslr } from './enable-aslr.ts';
import { enableDep } from './enable-dep.ts';
import { passwordComplexity } from './password-complexity.ts';
import { passwordMaximumAge } from './password-maximum-age.ts';
import { passwordMinimumLength } from './password-minimum-length.ts';
import { sshProtocol2 } from './ssh-protocol-2.ts';
import { supportsDistribution } from './supported-distributions.ts';
import { systemDirectories } from './system-directories.ts';

const bestPractices: readonly BestPractice[] = [
  disableRootLogin,
  sshProtocol2,
  disablePasswordLogin,
  passwordMaximumAge,
  passwordMinimumLength,
  passwordComplexity,
  enableAslr,
  enableDep,
  systemDirectories,
];

const rules: readonly Rule[] = bestPractices.map(({ id, title, severity }) => ({ id, title, severity }));

/** Nine rules on how a Linux host is set up, one verdict each. */
export const securityBestPractices = {
  name: 'Security Best Practices',
  shortName: 'best-practices',
  version: '1.0',
  provider: 'Assay',
  description:
    'Looks at how a Linux host is set up: who may log in over SSH and how, what is asked of passwords, whether the kernel ' +
    'protects the memory of programs, and who may write to the directories of the system.',
  needs: ['osRelease', 'sshd', 'passwordPolicy', 'accounts', 'kernel', 'fileModes'],
  knowledge: [],
  supports: supportsDistribution,
  rules: () => rules,
  // The verdict is read from the host's own state.
  confidence: 10,
  indicatorOfCompromise: false,
  evaluate: (evidence: HostEvidence): Verdict[] => bestPractices.map((practice) => toVerdict(practice, evidence)),
} satisfies RulesPackage;

const maxObservations = 200;
const maxText = 20_000;
const maxUnseen = 20;

function toVerdict({ id: ruleId, severity, judge }: BestPractice, evidence: HostEvidence): Verdict {
  const judgement: Judgement = judge(evidence);
  const observations = bounded(judgement.observations);
  const { outcome } = judgement;
  if (outcome === 'NOT_APPLICABLE') return { ruleId, outcome, reason: clip(judgement.reason), observations };
  if (outcome === 'NOT_ASSESSED') {
    const reason = clip(judgement.reason);
    const instead = `${judgement.advice} Then start a new run.`;
    return { ruleId, outcome, reason, because: { code: 'OTHER', params: { why: reason, instead } }, observations };
  }
  const unseen = judgement.unseen?.slice(0, maxUnseen).map((text) => clip(text, 1000)) ?? [];
  const half = unseen.length > 0 ? { unseen } : {};
  if (outcome === 'PASSED') return { ruleId, outcome, observations, ...half };
  const { title, description, recommendation } = judgement;
  const texts = { title, description: clip(description), recommendation: clip(recommendation) };
  return { ruleId, outcome, observations, ...half, finding: { ...texts, severity, attributes: [] } };
}

function bounded(observations: readonly Observation[]): Observation[] {
  const kept = observations.slice(0, maxObservations).map((each) => ({
    ...each,
    source: clip(each.source, 4096),
    observed: clip(each.observed, 4096),
  }));
  const left = observations.length - kept.length;
  return left > 0 ? [...kept, { source: 'further observations', observed: `and ${left} more` }] : kept;
}

const clip = (text: string, max = maxText): string => oneLine(text, max);
