import type { HostEvidence } from '@assay/model/evidence/kinds.ts';
import type { Observation } from '../../domain/rules-package.ts';
import type { Judgement } from './best-practice.ts';
import { describeDifference } from './password-libraries.ts';
import { type PasswordPolicy, passwordStacks, type ServiceStack } from './password-stacks.ts';
import { enumerate } from './quote.ts';
import { distinct, notAssessed, type Unknown } from './unknown.ts';

/** What one stack does; `faults` and `unknown` count only where it is not safe. */
export interface StackLook {
  readonly safe: boolean;
  readonly faults: readonly string[];
  readonly unknown: readonly Unknown[];
  readonly observations: readonly Observation[];
}

type FoundFault = Extract<Judgement, { readonly outcome: 'FINDING' }>;
type Look = (stack: ServiceStack, policy: PasswordPolicy) => StackLook;

/**
 * Asks a question of every stack that judges new passwords; all of them have to be safe. Where the versions of the
 * libraries are not known, what holds for all of them holds, and anything else is not assessed.
 */
export function judgeStacks(
  evidence: HostEvidence,
  look: Look,
  finding: (faults: string, observations: readonly Observation[]) => FoundFault,
): Judgement {
  const policies = passwordStacks(evidence);
  if ('outcome' in policies) return policies;
  const [first, ...others] = policies.map((policy) => ({ ...policy.libraries, ...judgePolicy(policy, look) }));
  if (!first) return { outcome: 'PASSED', observations: [] };
  const { outcome, text, unknown, observations } = first;
  const differing = others.filter((each) => each.outcome !== outcome);
  // One that differs in one library alone says more.
  const other =
    differing.find(({ pwquality }) => pwquality === first.pwquality) ??
    differing.find(({ pwhistoryReadsFile }) => pwhistoryReadsFile === first.pwhistoryReadsFile) ??
    differing[0];
  if (other) {
    const reason =
      `if ${describeDifference(first, other)}: ${text}; ` + `if ${describeDifference(other, first)}: ${other.text}`;
    const lead = 'The answer depends on the libraries that are installed, and the agent did not report which';
    return notAssessed(lead, [{ text: reason, cause: 'NOT_REPORTED' }], observations);
  }
  if (outcome === 'FINDING') return { ...finding(text, observations), unseen: unknown.map((each) => each.text) };
  if (outcome === 'PASSED') return { outcome, observations };
  return notAssessed('The password policy is not fully known', unknown, observations);
}

interface PolicyLook {
  readonly outcome: 'FINDING' | 'PASSED' | 'NOT_ASSESSED';
  readonly text: string;
  readonly unknown: readonly Unknown[];
  readonly observations: readonly Observation[];
}

function judgePolicy(policy: PasswordPolicy, look: Look): PolicyLook {
  if (policy.stacks.length === 0) {
    const text = 'no PAM configuration on this host';
    const expected = 'a password stack that enforces a policy';
    return {
      outcome: 'FINDING',
      text,
      unknown: [],
      observations: [{ source: '/etc/pam.d', observed: text, expected }],
    };
  }
  const faults: string[] = [];
  const unknown: Unknown[] = [];
  const observations: Observation[] = [];
  for (const stack of policy.stacks) {
    const seen = look(stack, policy);
    if (seen.observations.length > 0) observations.push(...seen.observations);
    else observations.push({ source: `PAM service ${stack.service}`, observed: describeStack(stack) });
    if (seen.safe) continue;
    const hidden = [...stack.problems, ...seen.unknown];
    if (hidden.length > 0) unknown.push(...hidden);
    else faults.push(...seen.faults);
  }
  if (faults.length > 0) return { outcome: 'FINDING', text: enumerate([...new Set(faults)]), unknown, observations };
  if (unknown.length > 0) {
    const text = enumerate(
      distinct(unknown).map((each) => each.text),
      20,
    );
    return { outcome: 'NOT_ASSESSED', text, unknown, observations };
  }
  return { outcome: 'PASSED', text: 'nothing is wrong', unknown, observations };
}

const describeStack = ({ entries }: ServiceStack): string =>
  entries.length === 0
    ? 'no module could be read'
    : enumerate(
        entries.map(({ source, text }) => `${source}: ${text}`),
        10,
      );
