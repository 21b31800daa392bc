import type { Limitation } from '@assay/model/evidence/document.ts';
import type { EvidenceData, HostEvidence } from '@assay/model/evidence/kinds.ts';
import type { Judgement } from './best-practice.ts';
import { missing, notAssessed } from './unknown.ts';

export interface SshServer {
  readonly data: EvidenceData<'sshd'>;
  readonly limitations: readonly Limitation[];
}

/** The SSH server's evidence, or the judgement that its absence is. */
export function sshServer(evidence: HostEvidence): SshServer | Judgement {
  const document = evidence.sshd;
  if (!document?.data) {
    return notAssessed('The SSH server is not known', [missing('the SSH server and its configuration', document)]);
  }
  if (!document.data.installed) {
    return { outcome: 'NOT_APPLICABLE', reason: 'No SSH server is installed on this host.', observations: [] };
  }
  return { data: document.data, limitations: document.limitations };
}

/** Undefined for a server that says nothing of itself and has OpenSSH's name. */
export const otherImplementation = ({ implementation, binary }: EvidenceData<'sshd'>): string | undefined => {
  if (implementation !== undefined) return /^openssh/i.test(implementation) ? undefined : implementation;
  return /\/dropbear[^/]*$/.test(binary ?? '') ? 'dropbear' : undefined;
};
