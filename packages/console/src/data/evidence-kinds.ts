import type { EvidenceKind } from '@assay/model/evidence/kinds.ts';
import { sentence } from '../format.ts';

const words: Readonly<Record<EvidenceKind, string>> = {
  osRelease: 'Operating system and release',
  packages: 'Installed packages',
  kernel: 'Running kernel',
  sshd: 'SSH server settings',
  passwordPolicy: 'Password policy',
  accounts: 'Accounts',
  fileModes: 'Modes of files and directories',
  listeners: 'Listening ports',
  interfaces: 'Network interfaces',
  firewall: 'Firewall rules',
  routes: 'Routes',
  sysctls: 'Kernel settings',
  scapResults: 'Results of CIS checks',
};

/** A kind of evidence in words; a kind that is newer than this page, by its own name. */
export const evidenceKindWords = (kind: string): string =>
  Object.hasOwn(words, kind) ? words[kind as EvidenceKind] : sentence(kind);
