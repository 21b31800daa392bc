import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from '../agent/agent-server.ts';

/** Files of a system, but for what its own programs note of their use. */
export const filesOf = (root: string): string[] =>
  execFileSync('find', [root, '-xdev', '-not', '-path', '*/root/.*', '-not', '-path', '*/var/lib/rpm*'], {
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
  })
    .split('\n')
    .toSorted();

/** Runs a script as the first process of a system, with /script and /ready as its own; resolves when it wrote /ready. */
export async function startIn(root: string, script: string): Promise<{ readonly exited: Promise<unknown[]> }> {
  writeFileSync(join(root, 'script'), script);
  const mounts = `mount -t proc proc ${root}/proc; mount --rbind /sys ${root}/sys; mount --bind /dev ${root}/dev`;
  const child = spawn(
    'unshare',
    ['--mount', '--pid', '--fork', '--kill-child', 'sh', '-c', `${mounts}; exec chroot ${root} sh /script`],
    { stdio: ['ignore', 'inherit', 'inherit'] },
  );
  const exited = once(child, 'exit');
  await eventually('the agent', () => {
    if (child.exitCode !== null) throw new Error(`The installation ended with status ${child.exitCode}`);
    return existsSync(join(root, 'ready')) || undefined;
  });
  return { exited };
}

/**
 * Makes of a Debian system with rpm one whose packages are rpm's, as in AlmaLinux 9: no dpkg and no apt, and the packages given
 * built and installed by the system's own rpm. Its programs stay Debian's. `packages` are name, version and release.
 */
export function makeAlmaLinux(debian: string, root: string, packages: readonly (readonly string[])[]): void {
  cpSync(debian, root, { recursive: true, verbatimSymlinks: true, preserveTimestamps: true });
  for (const gone of ['var/lib/dpkg', 'var/lib/apt', 'etc/apt', 'etc/debian_version', 'usr/lib/apt', 'usr/lib/dpkg']) {
    rmSync(join(root, gone), { recursive: true, force: true });
  }
  for (const name of readdirSync(join(root, 'usr/bin'))) {
    if (/^(?:apt|dpkg)/.test(name)) rmSync(join(root, 'usr/bin', name));
  }
  rmSync(join(root, 'etc/os-release'));
  writeFileSync(
    join(root, 'etc/os-release'),
    'NAME="AlmaLinux"\nVERSION="9.4 (Seafoam Ocelot)"\nID="almalinux"\nID_LIKE="rhel centos fedora"\nVERSION_ID="9.4"\nPRETTY_NAME="AlmaLinux 9.4 (Seafoam Ocelot)"\n',
  );
  // Debian's rpm has its data base in a home; others have it here.
  mkdirSync(join(root, 'etc/rpm'), { recursive: true });
  writeFileSync(join(root, 'etc/rpm/macros'), '%_dbpath /var/lib/rpm\n');
  const scratch = mkdtempSync(join(tmpdir(), 'assay-rpms-'));
  try {
    mkdirSync(join(root, 'rpms'));
    for (const [name, version, release] of packages) {
      const spec = join(scratch, `${name}.spec`);
      const head = {
        Name: name,
        Version: version,
        Release: release,
        Summary: name,
        License: 'MIT',
        Vendor: 'AlmaLinux',
      };
      const lines = Object.entries(head).map(([key, value]) => `${key}: ${value}\n`);
      writeFileSync(spec, `${lines.join('')}BuildArch: x86_64\n%description\n${name}\n%files\n`);
      execFileSync('rpmbuild', [
        '-bb',
        '--quiet',
        '--target',
        'x86_64',
        `--define=_rpmdir ${root}/rpms`,
        `--define=_topdir ${scratch}`,
        spec,
      ]);
    }
    execFileSync('chroot', [root, 'sh', '-c', 'rpm --install --nodeps /rpms/x86_64/*.rpm']);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
    rmSync(join(root, 'rpms'), { recursive: true, force: true });
  }
}
