import type { HostEvidence } from '@assay/model/evidence/kinds.ts';
import type { Observation } from '../../domain/rules-package.ts';
import type { Judgement } from './best-practice.ts';
import { type PasswordPolicy, passwordStacks, type ServiceStack } from './password-stacks.ts';
import { enumerate } from './quote.ts';

/** What one stack does; `faults` and `unknown` count only where it is not safe. */
export interface StackLook {
  readonly safe: boolean;
  readonly faults: readonly string[];
  readonly unknown: readonly string[];
  readonly observations: readonly Observation[];
}

/** Asks a question of every stack that judges new passwords; all of them have to be safe. */
export function judgeStacks(
  evidence: HostEvidence,
  look: (stack: ServiceStack, policy: PasswordPolicy) => StackLook,
  finding: (faults: string, observations: readonly Observation[]) => Judgement,
): Judgement {
  const policy = passwordStacks(evidence);
  if ('outcome' in policy) return policy;
  if (policy.stacks.length === 0) {
    const observed = 'no PAM configuration on this host';
    return finding(observed, [{ source: '/etc/pam.d', observed, expected: 'a password stack that enforces a policy' }]);
  }
  const faults: string[] = [];
  const unknown: string[] = [];
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
  if (faults.length > 0) return finding(enumerate([...new Set(faults)]), observations);
  if (unknown.length > 0) {
    const reason = `The password policy is not fully known: ${enumerate([...new Set(unknown)], 20)}.`;
    return { outcome: 'NOT_ASSESSED', reason, observations };
  }
  return { outcome: 'PASSED', observations };
}

const describeStack = ({ entries }: ServiceStack): string =>
  entries.length === 0
    ? 'no module could be read'
    : enumerate(
        entries.map(({ source, text }) => `${source}: ${text}`),
        10,
      );
