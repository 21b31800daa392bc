import type { Limitation, TextFile } from '@assay/model/evidence/document.ts';
import type { HostEvidence } from '@assay/model/evidence/kinds.ts';
import type { Judgement } from './best-practice.ts';
import { type PamStack, passwordStack } from './pam-stack.ts';
import { type PasswordLibraries, possibleLibraries } from './password-libraries.ts';
import { type PwqualitySettings, pwqualitySettings } from './pwquality.ts';
import { missing, notAssessed } from './unknown.ts';

export interface ServiceStack extends PamStack {
  readonly service: string;
}

export interface PasswordPolicy {
  readonly files: readonly TextFile[];
  readonly limitations: readonly Limitation[];
  readonly libraries: PasswordLibraries;
  readonly pwquality: PwqualitySettings;
  /** Empty on a host that is known to have no PAM. */
  readonly stacks: readonly ServiceStack[];
}

/** The distributions' stacks for changing a password, for hosts where the service passwd has none of its own. */
const common = ['common-password', 'system-auth', 'base-password', 'other'];

/**
 * The stacks that judge a new password: that of `passwd`, and on Red Hat's family `password-auth`, through which remote
 * services let users change an expired one. One policy for each combination of libraries that the host may have. A judgement
 * where there is nothing to read.
 */
export function passwordStacks(evidence: HostEvidence): readonly PasswordPolicy[] | Judgement {
  const document = evidence.passwordPolicy;
  if (!document?.data) {
    return notAssessed('The password policy is not known', [missing('the password policy', document)]);
  }
  const { files } = document.data;
  const { limitations } = document;
  const stacks: ServiceStack[] = [];
  const add = (service: string): void => {
    const stack = passwordStack(files, limitations, service);
    if (stack) stacks.push({ ...stack, service });
  };
  add('passwd');
  for (const service of common) {
    if (stacks.length === 0) add(service);
  }
  add('password-auth');
  const known = limitations.some(({ code, subject }) => code === 'NOT_PRESENT' && /\/pam\.d$/.test(subject));
  if (stacks.length === 0 && !known) {
    return notAssessed('The password policy is not known', [
      missing('a PAM configuration for changing passwords', document),
    ]);
  }
  return possibleLibraries(document.data).map((libraries) => ({
    files,
    limitations,
    libraries,
    pwquality: pwqualitySettings(files, limitations, libraries.pwquality),
    stacks,
  }));
}
