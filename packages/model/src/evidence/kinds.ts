// Over 300 lines: every kind of evidence, one after another, and nothing else.
import { boolean, enumeration, integer, list, long, type Static, string, structure } from '../shape.ts';
import { document, TextFile } from './document.ts';
import { packages } from './installed-packages.ts';
import { firewall, interfaces, listeners, routes, sysctls } from './network.ts';
import { scapResults } from './scap-results.ts';

const name = string({ min: 1, max: 256 });
const path = string({ min: 1, max: 4096 });
const text = string({ max: 4096, raw: true });
const id = long({ min: 0, max: 4_294_967_295 });

/** The fields of /etc/os-release (or /usr/lib/os-release) and what the kernel says of itself. */
const osRelease = document(
  'osRelease',
  structure(
    {
      /** Lower-case distribution: `debian`, `ubuntu`, `rhel`, `alpine` … */
      id: name,
      idLike: list(name, { max: 20 }),
      /** Absent on rolling releases. */
      versionId: name,
      versionCodename: name,
      prettyName: name,
      hostname: string({ max: 256 }),
      /** As `uname -m` gives it. */
      architecture: name,
      /** Present when the host is a container: what says so (`/.dockerenv`, `/run/.containerenv`, `lxc` …). */
      container: name,
    },
    'id',
    'idLike',
    'hostname',
    'architecture',
  ),
);

const kernel = document(
  'kernel',
  structure(
    {
      /** As `uname -r`. */
      release: name,
      version: text,
      architecture: name,
      /** /proc/cmdline. */
      commandLine: text,
      /** /proc/sys/kernel/randomize_va_space. */
      randomizeVaSpace: integer({ min: 0, max: 10 }),
      /** Lines of sysctl's configuration that set kernel.randomize_va_space at the next start, in no order of effect. */
      configuredAslr: list(structure({ source: path, value: name }, 'source', 'value'), { max: 100 }),
      /** The distinct flag lists of /proc/cpuinfo (x86 `flags`, ARM `Features`), normally one. */
      cpuFlags: list(string({ max: 8192 }), { max: 64 }),
      /** Permissions of the collector's own `[stack]` mapping, such as `rw-p`. */
      stackPermissions: string({ max: 8 }),
    },
    'release',
    'architecture',
  ),
);

/** How the host starts its SSH servers, as files. */
const SshdStartup = structure(
  {
    /**
     * systemd's units that start a server, their sockets and drop-ins, and the environment files that they name; and
     * /etc/default/ssh, /etc/sysconfig/sshd, /etc/conf.d/sshd. Of environment files only what servers are started with.
     */
    files: list(TextFile, { max: 200 }),
    /** Symbolic links of units: those that enable, rename or mask one. */
    links: list(structure({ path, target: path }, 'path', 'target'), { max: 200 }),
  },
  'files',
  'links',
);

/** The SSH server: its configuration as files, never as judged values. */
const sshd = document(
  'sshd',
  structure(
    {
      installed: boolean,
      /** `openssh`, `dropbear` or another implementation's name. */
      implementation: name,
      binary: path,
      /** As `sshd -V` or the package data base gives it: `9.2p1`. */
      version: name,
      /** Command lines of running sshd masters: `-f`, `-o` and `-p` change what is in force. */
      runningArguments: list(list(text, { max: 100 }), { max: 20 }),
      /** The configuration file that is read first, normally /etc/ssh/sshd_config. */
      configPath: path,
      /** It and every file that an Include in any of them matches, in the order of first reading. */
      files: list(TextFile, { max: 200 }),
      /** Include patterns and the files that they matched on the host, in lexical order. */
      includes: list(structure({ pattern: path, files: list(path, { max: 200 }) }, 'pattern', 'files'), { max: 200 }),
      /** Absent from agents before this. */
      startup: SshdStartup,
      /** What `sshd -T` printed, where it could be run: kept as evidence beside our own reading of the files. */
      effective: string({ max: 65_536, raw: true }),
    },
    'installed',
    'runningArguments',
    'files',
    'includes',
  ),
);

/** What the installed libraries are: how they read the password policy depends on it. What is absent is not known. */
const PasswordLibraries = structure({
  /** The versions, whole, as the package manager prints them. */
  libpwquality: name,
  libpam: name,
  /** Whether the installed pam_pwhistory.so names a configuration file at all. */
  pwhistoryReadsFile: boolean,
});

/** What decides on passwords: login.defs, the PAM stacks with everything they include, pwquality, pwhistory, passwdqc. */
const passwordPolicy = document(
  'passwordPolicy',
  structure(
    {
      /** /etc/login.defs, /etc/pam.d/*, /usr/lib/pam.d/*, /etc/security/{pwquality.conf,pwquality.conf.d/*.conf,pwhistory.conf}, /etc/passwdqc.conf. */
      files: list(TextFile, { max: 500 }),
      libraries: PasswordLibraries,
    },
    'files',
  ),
);

/** /etc/passwd and /etc/shadow reduced: no hash and no part of one ever leaves the host. */
const accounts = document(
  'accounts',
  structure(
    {
      accounts: list(
        structure(
          {
            name,
            uid: id,
            gid: id,
            shell: string({ max: 1024 }),
            /**
             * From the password field: `LOCKED` (starts with ! or *, or is x without a shadow line), `EMPTY`, or
             * `HASHED`. Absent where shadow could not be read.
             */
            password: enumeration('LOCKED', 'EMPTY', 'HASHED'),
            /** The crypt scheme of a hash: `y`, `6`, `5`, `2b`, `1`, `DES` … */
            scheme: string({ max: 16 }),
            /** Days since the epoch of the last change; absent where the field is empty. */
            lastChangedDay: long(),
            minimumDays: long(),
            maximumDays: long(),
            warningDays: long(),
            inactiveDays: long(),
            expiresDay: long(),
          },
          'name',
          'uid',
          'gid',
        ),
        { max: 20_000 },
      ),
      groups: list(structure({ name, gid: id, members: list(name, { max: 20_000 }) }, 'name', 'gid', 'members'), {
        max: 20_000,
      }),
    },
    'accounts',
    'groups',
  ),
);

/** Owner and mode of the system's directories, symbolic links resolved, each real directory once. */
const fileModes = document(
  'fileModes',
  structure(
    {
      directories: list(
        structure(
          {
            path,
            /** The names under which it was looked for, where they differ from path: /bin for /usr/bin. */
            aliases: list(path, { max: 20 }),
            uid: id,
            gid: id,
            /** Permission bits with set-uid, set-gid and sticky: 0 to 4095 (0o7777). */
            mode: integer({ min: 0, max: 4095 }),
            /**
             * How its ACL was looked for. `READ`: `acl` has its entries. `NONE`: it has no more than its mode. `PRESENT`: it
             * has one, whose entries could not be read. Absent where nobody could look, and from agents before this.
             */
            aclState: enumeration('READ', 'NONE', 'PRESENT'),
            /** The entries of its ACL as `getfacl --numeric` prints them, one a line. */
            acl: text,
          },
          'path',
          'aliases',
          'uid',
          'gid',
          'mode',
        ),
        { max: 500 },
      ),
    },
    'directories',
  ),
);

/** Every kind of evidence that an agent may report. How large a document of each may be: evidenceSizes in sizes.ts. */
export const evidenceKinds = {
  osRelease,
  packages,
  kernel,
  sshd,
  passwordPolicy,
  accounts,
  fileModes,
  listeners,
  interfaces,
  firewall,
  routes,
  sysctls,
  scapResults,
} as const;

export type EvidenceKind = keyof typeof evidenceKinds;
export type Evidence<K extends EvidenceKind> = Static<(typeof evidenceKinds)[K]>;
export type EvidenceData<K extends EvidenceKind> = NonNullable<Evidence<K>['data']>;
/** The evidence of one host: at most one document of each kind. */
export type HostEvidence = { readonly [K in EvidenceKind]?: Evidence<K> };

export const isEvidenceKind = (kind: string): kind is EvidenceKind => Object.hasOwn(evidenceKinds, kind);
