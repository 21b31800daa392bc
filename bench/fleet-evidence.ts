/** What the hosts of the bench `agents` have on them: made up, of the size of a real server's, and no two the same. */
import type { EvidenceKind, HostEvidence } from '@assay/model/evidence/kinds.ts';
import { debianRecord } from '../test/support/debian-host.ts';

/** Packages that hosts choose from; the first ones have advisories. */
const POOL = 2000;
const ADVISED = 300;
/** Of a hundred, how many packages of the pool a host has, and how many of those that have an advisory are outdated. */
const [INSTALLED, OUTDATED] = [73, 10];

/** One advisory for each of the first packages of the pool. */
export const fleetAdvisories = (): object[] =>
  Array.from({ length: ADVISED }, (_, at) => debianRecord(`CVE-2024-${10_000 + at}`, packageName(at), '5.0-1'));

/** The documents of a host, some 200 KB of JSON in all; `kinds` that it has nothing of are reported as not there. */
export function fleetEvidence(host: number, kinds: readonly EvidenceKind[]): ReadonlyMap<EvidenceKind, object> {
  const data = dataOf(host);
  return new Map(
    kinds.map((kind) => {
      const document = { kind, schemaVersion: 1, collectedAt: 1_700_000_000 + host / 1000, sources: [] };
      const found = data[kind];
      const missing = [{ code: 'NOT_PRESENT', subject: kind }];
      return [
        kind,
        found === undefined ? { ...document, limitations: missing } : { ...document, limitations: [], data: found },
      ];
    }),
  );
}

type Data = { readonly [K in EvidenceKind]?: NonNullable<HostEvidence[K]>['data'] };

const dataOf = (host: number): Data => ({
  osRelease: {
    id: 'debian',
    idLike: [],
    versionId: '12',
    versionCodename: 'bookworm',
    prettyName: 'Debian GNU/Linux 12 (bookworm)',
    hostname: fleetHostname(host),
    architecture: 'x86_64',
  },
  kernel: {
    release: '6.1.0-30-amd64',
    version: '#1 SMP PREEMPT_DYNAMIC Debian 6.1.124-1 (2025-01-12)',
    architecture: 'x86_64',
    commandLine: `BOOT_IMAGE=/boot/vmlinuz-6.1.0-30-amd64 root=UUID=${hex(host, 32)} ro quiet`,
    randomizeVaSpace: 2,
    cpuFlags: [Array.from({ length: 120 }, (_, at) => `flag${at}`).join(' ')],
    stackPermissions: 'rw-p',
  },
  packages: {
    databases: [
      {
        manager: 'dpkg',
        packages: [
          kernelPackage,
          ...Array.from({ length: POOL }, (_, at) => at)
            .filter((at) => chance(host, at) < INSTALLED)
            .map((at) => packageOf(host, at)),
        ],
      },
    ],
  },
  interfaces: {
    interfaces: ['lo', 'eth0'].map((name, at) => ({
      name,
      macAddress: at === 0 ? '00:00:00:00:00:00' : hex(host, 12).replace(/..(?=.)/g, '$&:'),
      loopback: at === 0,
      up: true,
      addresses: [
        { family: 'IPv4' as const, address: at === 0 ? '127.0.0.1' : address(host), prefixLength: at === 0 ? 8 : 16 },
      ],
    })),
  },
  sshd: {
    installed: true,
    implementation: 'openssh',
    version: '9.2p1',
    configPath: '/etc/ssh/sshd_config',
    runningArguments: [['sshd: /usr/sbin/sshd -D [listener] 0 of 10-100 startups']],
    files: [
      {
        path: '/etc/ssh/sshd_config',
        content: `# ${fleetHostname(host)}\n${comments(host, 60)}PermitRootLogin ${host % 10 === 0 ? 'yes' : 'no'}\nPasswordAuthentication no\nUsePAM yes\n`,
      },
    ],
    includes: [],
  },
  passwordPolicy: {
    files: [
      {
        path: '/etc/login.defs',
        content: `${comments(host, 90)}PASS_MAX_DAYS\t${host % 3 === 0 ? 99999 : 90}\nPASS_MIN_DAYS\t0\n`,
      },
      ...['common-password', 'common-auth', 'sshd', 'login', 'passwd'].map((name) => ({
        path: `/etc/pam.d/${name}`,
        content: `${comments(host, 20)}password requisite pam_pwquality.so retry=3 minlen=14\npassword [success=1 default=ignore] pam_unix.so obscure use_authtok yescrypt\n`,
      })),
    ],
  },
  accounts: {
    accounts: Array.from({ length: 45 }, (_, at) => ({
      name: at === 0 ? 'root' : `user${at}-${host}`,
      uid: at === 0 ? 0 : 1000 + at,
      gid: at === 0 ? 0 : 1000 + at,
      shell: at < 30 ? '/usr/sbin/nologin' : '/bin/bash',
      password: at < 30 ? ('LOCKED' as const) : ('HASHED' as const),
      lastChangedDay: 19_000 + (host % 700),
      minimumDays: 0,
      maximumDays: host % 3 === 0 ? 99_999 : 90,
    })),
    groups: Array.from({ length: 45 }, (_, at) => ({ name: `group${at}`, gid: 1000 + at, members: [] })),
  },
  fileModes: {
    directories: [
      '/usr/bin',
      '/usr/sbin',
      '/usr/lib',
      '/usr/local/bin',
      '/usr/local/sbin',
      '/etc',
      '/opt',
      '/boot',
    ].map((path) => ({ path, aliases: [], uid: 0, gid: 0, mode: path === '/opt' && host % 50 === 0 ? 0o777 : 0o755 })),
  },
});

const kernelPackage = {
  name: 'linux-image-6.1.0-30-amd64',
  version: '6.1.124-1',
  architecture: 'amd64',
  sourceName: 'linux-signed-amd64',
  sourceVersion: '6.1.124+1',
};

export const fleetHostname = (host: number): string => `host-${host}.fleet.example.org`;

/** As packages are called: a word and a number that no other has. */
const packageName = (at: number): string =>
  `${at % 2 === 0 ? 'lib' : ''}${Array.from({ length: 3 }, (_, part) => syllables[chance(at, part) % syllables.length]).join('')}${at}`;

const syllables = 'ba cu dro ex fi gly ho in ju kra lo mi nu os py qua ri st tex ux vi wa xo yt ze'.split(' ');

function packageOf(host: number, at: number) {
  const outdated = at < ADVISED && chance(host + 1, at * 7) < OUTDATED;
  const build = chance(host, at * 13) % 5;
  const version = `${outdated ? 4 : 6}.${at % 30}.${chance(host, at * 3)}-${1 + (at % 4)}+deb12u${1 + build}`;
  const source = packageName(at);
  return at % 3 === 0 && at >= ADVISED
    ? { name: source, version, architecture: 'amd64' }
    : {
        name: at < ADVISED ? source : `${source}-common`,
        version,
        architecture: 'amd64',
        sourceName: source,
        sourceVersion: version,
      };
}

const comments = (host: number, lines: number): string =>
  Array.from(
    { length: lines },
    (_, at) => `# line ${at} of a file that tells much about itself, copy ${chance(host, at)}\n`,
  ).join('');

const address = (host: number): string =>
  `10.${20 + Math.floor(host / 62_500)}.${Math.floor(host / 250) % 250}.${1 + (host % 250)}`;

const hex = (host: number, digits: number): string =>
  Array.from({ length: digits }, (_, at) => (chance(host, at + 77) % 16).toString(16)).join('');

/** 0 to 99, the same for the same host and number, with no order to be seen. */
function chance(host: number, at: number): number {
  let value = Math.imul(host + 1, 0x9e3779b1) ^ Math.imul(at + 1, 0x85ebca6b);
  value = Math.imul(value ^ (value >>> 15), 0x2c1b3c6d);
  value = Math.imul(value ^ (value >>> 13), 0x297a2d39);
  return ((value ^ (value >>> 16)) >>> 0) % 100;
}
