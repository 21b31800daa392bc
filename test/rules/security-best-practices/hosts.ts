import type { Limitation } from '@assay/model/evidence/document.ts';
import type { Evidence, EvidenceData, EvidenceKind, HostEvidence } from '@assay/model/evidence/kinds.ts';
import type { Verdict } from '../../../packages/server/src/domain/rules-package.ts';
import { securityBestPractices } from '../../../packages/server/src/rules/security-best-practices/index.ts';

type Documents = { readonly [K in EvidenceKind]?: EvidenceData<K> | undefined };
type Limitations = { readonly [K in EvidenceKind]?: readonly Limitation[] };

/** Evidence of a host from the data of each kind; kinds that are absent were not reported. */
export function host(documents: Documents, limitations: Limitations = {}): HostEvidence {
  const document = <K extends EvidenceKind>(kind: K) => ({
    kind,
    schemaVersion: 1,
    collectedAt: 1_700_000_000,
    sources: [],
    limitations: [...(limitations[kind] ?? [])],
    data: documents[kind],
  });
  const kinds = new Set([...Object.keys(documents), ...Object.keys(limitations)] as EvidenceKind[]);
  return Object.fromEntries([...kinds].map((kind) => [kind, document(kind) as unknown as Evidence<typeof kind>]));
}

export const rule = {
  root: 'Disable root login over SSH',
  protocol: 'Support SSH version 2 only',
  password: 'Disable password authentication over SSH',
  age: 'Configure password maximum age',
  length: 'Configure password minimum length',
  complexity: 'Configure password complexity',
  aslr: 'Enable ASLR',
  dep: 'Enable DEP',
  directories: 'Configure permissions for system directories',
} as const;

export function verdict(evidence: HostEvidence, ruleId: string): Verdict {
  const found = securityBestPractices.evaluate(evidence).find((each) => each.ruleId === ruleId);
  if (!found) throw new Error(`no verdict for ${ruleId}`);
  return found;
}

/** The description, the reason, or nothing: what the verdict says of itself. */
export const said = (given: Verdict): string =>
  given.outcome === 'FINDING' ? given.finding.description : 'reason' in given ? given.reason : '';

export const findings = (evidence: HostEvidence): string[] =>
  securityBestPractices.evaluate(evidence).flatMap((each) => (each.outcome === 'FINDING' ? [each.ruleId] : []));

export const denied = (subject: string): Limitation => ({ code: 'PERMISSION_DENIED', subject, detail: 'EACCES' });

export const texts = (files: Readonly<Record<string, string>>) =>
  Object.entries(files).map(([path, content]) => ({ path, content }));

/** An SSH server with these files; `includes` as the agent resolves them. */
export const sshd = (
  files: Readonly<Record<string, string>>,
  more: Partial<EvidenceData<'sshd'>> = {},
): EvidenceData<'sshd'> => ({
  installed: true,
  implementation: 'openssh',
  binary: '/usr/sbin/sshd',
  version: '9.2p1',
  runningArguments: [['/usr/sbin/sshd', '-D']],
  configPath: '/etc/ssh/sshd_config',
  files: texts(files),
  includes: [],
  ...more,
});

export const config = (text: string): EvidenceData<'sshd'> => sshd({ '/etc/ssh/sshd_config': text });

const directory = (path: string, mode = 0o755, gid = 0, aliases: string[] = []) => ({
  path,
  aliases,
  uid: 0,
  gid,
  mode,
  aclState: 'NONE' as const,
});

export const directories = [
  directory('/', 0o755),
  directory('/usr'),
  directory('/usr/bin', 0o755, 0, ['/bin']),
  directory('/usr/local', 0o2775, 50),
  directory('/usr/local/bin', 0o2775, 50),
  directory('/etc'),
  directory('/etc/ssh'),
];

const account = (name: string, uid: number, more: Partial<EvidenceData<'accounts'>['accounts'][number]> = {}) => ({
  name,
  uid,
  gid: uid,
  shell: '/bin/bash',
  ...more,
});

export const accounts: EvidenceData<'accounts'> = {
  accounts: [
    account('root', 0, { password: 'LOCKED', maximumDays: 99_999 }),
    account('daemon', 1, { password: 'LOCKED', maximumDays: 99_999 }),
    account('anna', 1000, { password: 'HASHED', scheme: 'y', lastChangedDay: 19_600, maximumDays: 365 }),
  ],
  groups: [
    { name: 'root', gid: 0, members: [] },
    { name: 'staff', gid: 50, members: [] },
    { name: 'anna', gid: 1000, members: [] },
    { name: 'sudo', gid: 27, members: ['root', 'anna'] },
  ],
};

export const kernel: EvidenceData<'kernel'> = {
  release: '6.1.0-28-amd64',
  architecture: 'x86_64',
  commandLine: 'BOOT_IMAGE=/boot/vmlinuz-6.1.0-28-amd64 root=/dev/sda1 ro quiet',
  randomizeVaSpace: 2,
  cpuFlags: ['fpu vme de pse tsc msr pae mce cx8 nx lm'],
  stackPermissions: 'rw-p',
};

const debianOs: EvidenceData<'osRelease'> = {
  id: 'debian',
  idLike: [],
  versionId: '12',
  versionCodename: 'bookworm',
  hostname: 'web-1',
  architecture: 'x86_64',
};

const debianSshd = `# server
Include /etc/ssh/sshd_config.d/*.conf
#PermitRootLogin prohibit-password
#PasswordAuthentication yes
KbdInteractiveAuthentication no
UsePAM yes
X11Forwarding yes
Subsystem	sftp	/usr/lib/openssh/sftp-server
`;

export const debianPam = (
  quality: string,
  unix = 'obscure use_authtok try_first_pass yescrypt',
): Record<string, string> => ({
  '/etc/pam.d/passwd': '# passwd\n@include common-password\n',
  '/etc/pam.d/common-password': `${quality}
password	[success=1 default=ignore]	pam_unix.so ${unix}
password	requisite			pam_deny.so
password	required			pam_permit.so
`,
});

const includes = (...files: string[]) => [{ pattern: '/etc/ssh/sshd_config.d/*.conf', files }];

const debian = (
  server: EvidenceData<'sshd'>,
  policy: Readonly<Record<string, string>>,
  found: EvidenceData<'fileModes'>['directories'],
) =>
  host({
    osRelease: debianOs,
    sshd: server,
    passwordPolicy: { files: texts(policy) },
    accounts,
    kernel,
    fileModes: { directories: found },
  });

/** A Debian 12 server as it is after installation. */
export const insecure = debian(
  sshd({ '/etc/ssh/sshd_config': debianSshd }, { includes: includes() }),
  { '/etc/login.defs': 'PASS_MAX_DAYS\t99999\nPASS_MIN_DAYS\t0\n', ...debianPam('') },
  directories,
);

const fixedFiles = [
  sshd(
    {
      '/etc/ssh/sshd_config': debianSshd,
      '/etc/ssh/sshd_config.d/10-hardening.conf': 'PermitRootLogin no\nPasswordAuthentication no\n',
    },
    { includes: includes('/etc/ssh/sshd_config.d/10-hardening.conf') },
  ),
  {
    '/etc/login.defs': 'PASS_MAX_DAYS\t365\n',
    '/etc/security/pwquality.conf': 'minlen = 14\nlcredit = -1\nucredit = -1\ndcredit = -1\nocredit = -1\n',
    ...debianPam(
      'password requisite pam_pwquality.so retry=3\npassword required pam_pwhistory.so use_authtok remember=12',
      'obscure use_authtok try_first_pass yescrypt',
    ),
  },
] as const;

/** The same with everything set right. */
export const fixed = debian(...fixedFiles, directories);

/** The fixed one after `chmod 777 /usr/local/bin`. */
export const broken = debian(
  ...fixedFiles,
  directories.map((each) => (each.path === '/usr/local/bin' ? { ...each, mode: 0o777 } : each)),
);
