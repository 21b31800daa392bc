import type { EvidenceKind } from './kinds.ts';

/** The most that a document of one kind may have, in bytes. */
export interface EvidenceSize {
  /** As it is sent and kept: compressed with gzip. */
  readonly packed: number;
  /** Its JSON. */
  readonly document: number;
}

const MiB = 1024 * 1024;

/**
 * What the first agents hold to. A larger kind (a scanner's results, a host's firewall rules) has to fit as well: its
 * collector reduces what it saw, or leaves parts out and says so in the document's limitations.
 */
const standard: EvidenceSize = { packed: 4 * MiB, document: 32 * MiB };

/**
 * How large a document of each kind may be; the shapes in kinds.ts bound its parts. A bound may grow, but never shrink:
 * agents that are installed keep to the one they were built with.
 */
export const evidenceSizes: { readonly [K in EvidenceKind]: EvidenceSize } = {
  osRelease: standard,
  packages: standard,
  kernel: standard,
  sshd: standard,
  passwordPolicy: standard,
  accounts: standard,
  fileModes: standard,
  listeners: standard,
  interfaces: standard,
  firewall: standard,
  routes: standard,
  sysctls: standard,
  scapResults: standard,
};

/** The largest of any kind: what a channel or a buffer for evidence must be able to take. */
export const largestEvidence: EvidenceSize = {
  packed: Math.max(...Object.values(evidenceSizes).map(({ packed }) => packed)),
  document: Math.max(...Object.values(evidenceSizes).map(({ document }) => document)),
};
