import type { Observation } from '../../domain/rules-package.ts';
import type { BestPractice, Judgement } from './best-practice.ts';
import { modulesOf, whyNotEnforced } from './pam-enforced.ts';
import { judgeStacks, type StackLook } from './password-judgement.ts';
import { qualityOf } from './password-quality.ts';
import type { PasswordPolicy, ServiceStack } from './password-stacks.ts';
import type { Unknown } from './unknown.ts';

const shortestAllowed = 8;
const expected = `a module that refuses passwords under ${shortestAllowed} characters`;

/**
 * Finding when no module of the password stack is told to refuse passwords shorter than 8 characters. A library's
 * default does not count, nor does a module whose refusal the stack ignores, and credits are taken off the length.
 */
export const passwordMinimumLength: BestPractice = {
  id: 'Configure password minimum length',
  title: 'Configure password minimum length',
  severity: 'Medium',
  judge: (evidence): Judgement =>
    judgeStacks(evidence, look, (faults, observations) => ({
      outcome: 'FINDING',
      title: 'No sufficient minimum length for passwords is configured',
      description:
        `Users can choose passwords shorter than ${shortestAllowed} characters: ${faults}. Attackers quickly find short passwords by ` +
        'trying all of them.',
      recommendation:
        'Install pam_pwquality (Debian, Ubuntu: package libpam-pwquality). In /etc/security/pwquality.conf, set "minlen = 14" (at ' +
        'least 8) and no credit above 0. Then make sure that /etc/pam.d/common-password (Debian, Ubuntu), or system-auth and ' +
        'password-auth through authselect (the Red Hat family), calls pam_pwquality with "requisite" before pam_unix, and that no ' +
        'argument sets a lower minlen.',
      observations,
    })),
};

function look(stack: ServiceStack, policy: PasswordPolicy): StackLook {
  const observations: Observation[] = [];
  const faults: string[] = [];
  const unknown: Unknown[] = [];
  let safe = false;
  for (const entry of modulesOf(stack.entries)) {
    const quality = qualityOf(entry, policy);
    if (!quality) continue;
    const { shortest, onlyWarns, unread, stopped } = quality;
    const notEnforced = whyNotEnforced(stack.entries, entry);
    const source =
      (shortest ? shortest.because : `${entry.source}: ${entry.module} without a configured length`) +
      (stopped === undefined ? '' : `, because ${stopped}`);
    const ignored = onlyWarns ?? notEnforced;
    observations.push({
      source: entry.source,
      observed: `${entry.text} — ${source}${ignored ? `; ${ignored}` : ''}`,
      expected,
    });
    const fromArguments = shortest?.because.startsWith(`${entry.source}:`) ?? false;
    if (unread !== undefined && !fromArguments && notEnforced === undefined) unknown.push(unread);
    else if (ignored !== undefined) faults.push(`${entry.source}: ${entry.module} is not enforced (${ignored})`);
    else if (!shortest) faults.push(source);
    else if (shortest.length < shortestAllowed) faults.push(`${source} accepts ${shortest.length} characters`);
    else safe = true;
  }
  if (faults.length === 0) faults.push(`no module of the stack ${stack.service} has a configured minimum length`);
  return { safe, faults, unknown, observations };
}
