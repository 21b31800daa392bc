import { execFileSync, spawnSync } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import packageJson from '../packages/agent/package.json' with { type: 'json' };
import { systemdUnit } from '../packages/agent/src/cli/service-files.ts';

const NAME = 'assay-agent';
const PROGRAM = `/usr/bin/${NAME}`;
const SUMMARY = 'collects evidence about this host for an Assay server';
const DESCRIPTION = `It enrols with a one-time token (${NAME} install), opens every
connection itself, judges nothing and changes nothing. ${NAME} doctor
says what it can see of the host and what not.`;
/** Where packages are made by others, they are the ones to ask. */
const CONTACT = process.env.ASSAY_PACKAGER ?? 'Assay <assay@assay.invalid>';
const { version, license } = packageJson;

/** What distributions call our architectures. */
const CALLED = { x64: { deb: 'amd64', rpm: 'x86_64' }, arm64: { deb: 'arm64', rpm: 'aarch64' } } as const;

interface Packed {
  /** The agent's executable. */
  readonly executable: string;
  readonly architecture: keyof typeof CALLED;
  /** Where the package goes. */
  readonly directory: string;
}

const has = (command: string): boolean => spawnSync(command, ['--version'], { stdio: 'ignore' }).status === 0;

/** Makes the .deb and the .rpm of an executable, each where this machine has the tool; the names of their files. */
export function makePackages(packed: Packed): string[] {
  const made: string[] = [];
  if (has('dpkg-deb')) made.push(inScratch((scratch) => makeDeb(packed, scratch)));
  else
    process.stdout.write('SKIPPED: the .deb of the agent. Install dpkg (Debian has it, Fedora: dnf install dpkg).\n');
  if (has('rpmbuild')) made.push(inScratch((scratch) => makeRpm(packed, scratch)));
  else process.stdout.write('SKIPPED: the .rpm of the agent. Install rpmbuild (Debian: apt-get install rpm).\n');
  return made;
}

function inScratch<T>(work: (scratch: string) => T): T {
  const scratch = mkdtempSync(join(tmpdir(), 'assay-package-'));
  chmodSync(scratch, 0o755);
  try {
    return work(scratch);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

function put(file: string, content: string | Buffer, mode = 0o644): void {
  mkdirSync(dirname(file), { recursive: true, mode: 0o755 });
  writeFileSync(file, content);
  chmodSync(file, mode);
}

/** Files that both packages have, below `tree`. */
function putCommon(tree: string, executable: string): void {
  mkdirSync(join(tree, 'usr/bin'), { recursive: true });
  copyFileSync(executable, join(tree, PROGRAM));
  chmodSync(join(tree, PROGRAM), 0o755);
  put(join(tree, `usr/lib/systemd/system/${NAME}.service`), systemdUnit({ command: [PROGRAM] }));
  put(join(tree, `usr/share/man/man8/${NAME}.8.gz`), gzipSync(MANUAL, { level: 9 }));
}

function makeDeb({ executable, architecture, directory }: Packed, scratch: string): string {
  const called = CALLED[architecture].deb;
  const doc = join(scratch, 'usr/share/doc', NAME);
  putCommon(scratch, executable);
  put(join(doc, 'copyright'), COPYRIGHT);
  put(join(doc, 'changelog.gz'), gzipSync(CHANGES, { level: 9 }));
  put(join(scratch, 'usr/share/lintian/overrides', NAME), OVERRIDES);
  const kilobytes = Math.ceil(readFileSync(executable).length / 1024);
  put(
    join(scratch, 'DEBIAN/control'),
    `Package: ${NAME}
Version: ${version}
Architecture: ${called}
Maintainer: ${CONTACT}
Installed-Size: ${kilobytes}
Depends: libc6 (>= 2.28), libgcc-s1 | libgcc1, libstdc++6
Section: admin
Priority: optional
Description: ${SUMMARY}
${DESCRIPTION.split('\n')
  .map((line) => ` ${line}`)
  .join('\n')}
`,
  );
  put(join(scratch, 'DEBIAN/postinst'), SCRIPTS.installed, 0o755);
  put(join(scratch, 'DEBIAN/prerm'), SCRIPTS.beforeRemoval, 0o755);
  put(join(scratch, 'DEBIAN/postrm'), SCRIPTS.removed, 0o755);
  const name = `${NAME}_${version}_${called}.deb`;
  // Debian 11 does not know zstd, and xz takes a minute.
  execFileSync('dpkg-deb', ['-Zgzip', '--root-owner-group', '--build', scratch, join(directory, name)], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  return name;
}

function makeRpm({ executable, architecture, directory }: Packed, scratch: string): string {
  const called = CALLED[architecture].rpm;
  const tree = join(scratch, 'tree');
  putCommon(tree, executable);
  put(join(tree, `usr/share/licenses/${NAME}/LICENSE`), readFileSync(join(import.meta.dirname, '../LICENSE')));
  const spec = join(scratch, `${NAME}.spec`);
  put(
    spec,
    `Name: ${NAME}
Version: ${version}
Release: 1
Summary: ${SUMMARY[0]?.toUpperCase()}${SUMMARY.slice(1)}
License: ${license}
Group: System Environment/Daemons
Packager: ${CONTACT}
AutoReqProv: no
Requires: glibc >= 2.28
Requires: libgcc_s.so.1()(64bit)
Requires: libstdc++.so.6()(64bit)

%description
${DESCRIPTION}

%install
cp -a ${tree}/. %{buildroot}/

%post
systemctl daemon-reload >/dev/null 2>&1 || :

%preun
if [ "$1" = 0 ]; then systemctl --quiet disable --now ${NAME} >/dev/null 2>&1 || :; fi

%postun
systemctl daemon-reload >/dev/null 2>&1 || :
if [ "$1" = 0 ]; then rm -rf /etc/${NAME} /var/lib/${NAME}; fi

%files
%attr(0755, root, root) ${PROGRAM}
%attr(0644, root, root) /usr/lib/systemd/system/${NAME}.service
%attr(0644, root, root) /usr/share/man/man8/${NAME}.8.gz
%dir %attr(0755, root, root) /usr/share/licenses/${NAME}
%license %attr(0644, root, root) /usr/share/licenses/${NAME}/LICENSE

%changelog
* ${RPM_DATE} ${CONTACT} - ${version}-1
- The changes are in CHANGELOG.md of Assay.
`,
  );
  const defined = {
    _topdir: join(scratch, 'rpmbuild'),
    _rpmdir: join(scratch, 'rpms'),
    _binary_payload: 'w6.gzdio',
    // Node's executable is as it came, with the agent in it: tools that take it apart would lose that.
    __os_install_post: '%{nil}',
    debug_package: '%{nil}',
    _build_id_links: 'none',
  };
  const macros = Object.entries(defined).flatMap(([macro, value]) => ['--define', `${macro} ${value}`]);
  execFileSync('rpmbuild', ['-bb', '--quiet', '--target', `${called}-linux`, ...macros, spec], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const name = `${NAME}-${version}-1.${called}.rpm`;
  copyFileSync(join(scratch, 'rpms', called, name), join(directory, `${name}.new`));
  renameSync(join(directory, `${name}.new`), join(directory, name));
  return name;
}

const SCRIPTS = {
  installed: `#!/bin/sh
set -e
if [ -d /run/systemd/system ]; then
	systemctl daemon-reload || true
	# After an update; a new agent waits for ${NAME} install.
	systemctl try-restart ${NAME} || true
fi
`,
  beforeRemoval: `#!/bin/sh
set -e
if [ "$1" = remove ] && [ -d /run/systemd/system ]; then
	systemctl --quiet disable --now ${NAME} || true
fi
`,
  removed: `#!/bin/sh
set -e
if [ -d /run/systemd/system ]; then
	systemctl daemon-reload || true
fi
if [ "$1" = purge ]; then
	rm -rf /etc/${NAME} /var/lib/${NAME}
	rm -f /etc/systemd/system/multi-user.target.wants/${NAME}.service
fi
`,
};

/** The day of the build, as each of the two writes it. */
const [DAY = '', DATE = '', MONTH = '', YEAR = ''] = new Date().toUTCString().replace(',', '').split(' ');
const RPM_DATE = `${DAY} ${MONTH} ${DATE} ${YEAR}`;
const CHANGES = `${NAME} (${version}) unstable; urgency=medium

  * The changes are in CHANGELOG.md of Assay.

 -- ${CONTACT}  ${DAY}, ${DATE} ${MONTH} ${YEAR} 00:00:00 +0000
`;

const COPYRIGHT = `Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/
Upstream-Name: Assay

Files: *
Copyright: 2026 The Assay authors
License: Apache-2.0
 On Debian systems, the full text of the Apache License, Version 2.0, is in /usr/share/common-licenses/Apache-2.0.
Comment: The executable contains Node.js (MIT) and the libraries that it is built with; their licences are those of the
 Node.js distribution, https://github.com/nodejs/node/blob/main/LICENSE.
`;

const OVERRIDES = `# Node's own executable, which has its libraries in it and is not stripped: the agent was put into it.
${NAME}: unstripped-binary-or-object
${NAME}: embedded-library
`;

const MANUAL = `.TH ASSAY-AGENT 8 "" "Assay ${version}" "System administration"
.SH NAME
${NAME} \\- ${SUMMARY}
.SH SYNOPSIS
.B ${NAME}
.I COMMAND
[\\fIOPTIONS\\fR]
.SH DESCRIPTION
${DESCRIPTION}
.SH COMMANDS
.TP
.B install \\-\\-server \\fIURL\\fR
Enrols this host with the token in ASSAY_ENROLLMENT_TOKEN or \\-\\-token\\-file, and starts the agent.
.TP
.B doctor
What the agent can see of this host and what not, and whether its server answers.
.TP
.B show \\fR[\\fIKIND\\fR]
The evidence of this host as it would be sent.
.TP
.B uninstall
Stops the agent and removes what install made.
.TP
.B help
All commands and options.
.SH FILES
.I /etc/${NAME}/config.json
The server and the tags.
.br
.I /var/lib/${NAME}
The agent's private key.
`;
