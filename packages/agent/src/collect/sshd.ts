import type { EvidenceData } from '@assay/model/evidence/kinds.ts';
import { type Collection, commandLine, fit, note, noteRefusal, recordSource, runTool } from '../collection.ts';
import { locate } from '../host/locate.ts';
import { findRunningServers, givenConfigPath, type RunningServer } from './sshd/find-running-servers.ts';
import { readConfigTree } from './sshd/read-config-tree.ts';
import { readServerVersion } from './sshd/read-server-version.ts';
import { readStartup, startupConfigPaths } from './sshd/read-startup.ts';

const DIRECTORIES = ['/usr/sbin', '/usr/local/sbin', '/usr/bin', '/usr/local/bin', '/sbin'];
/** The second is where distributions with an empty /etc keep the configuration that came with the package. */
const CONFIG_PATHS = ['/etc/ssh/sshd_config', '/usr/etc/ssh/sshd_config'];
/** Of no real client: `sshd -T` wants one once there is a Match block. */
const CLIENT = 'user=root,host=h,addr=192.0.2.1,laddr=192.0.2.2,lport=22';
/** Before OpenSSH 6.1 there was nothing else to tell. */
const OLD_CLIENT = 'user=root,host=h,addr=192.0.2.1';

export async function collectSshd(collection: Collection): Promise<EvidenceData<'sshd'>> {
  const running = await findRunningServers(collection);
  const runningArguments = running.map(({ args }) => [...args]);
  const server = await findServer(collection, running);
  const startup = await readStartup(collection);
  const configPath = await findConfigPath(collection, runningArguments);
  const tree = await readConfigTree(collection, [...configPath.inForce, ...startupConfigPaths(startup)], {
    optional: server?.implementation !== 'openssh',
  });
  const [first] = configPath.inForce;
  const common = {
    runningArguments,
    ...(server?.implementation === 'openssh' || tree.files.length > 0 ? { configPath: first } : {}),
    ...tree,
    startup,
  };
  if (!server) return { installed: false, ...common };
  return {
    installed: true,
    implementation: server.implementation,
    binary: server.binary,
    version: await readServerVersion(collection, server),
    ...common,
    ...(server.implementation === 'openssh' && first !== undefined
      ? {
          effective: await readEffective(collection, server.binary, configPath),
        }
      : {}),
  };
}

/** The program of a running server, else what is installed; OpenSSH before Dropbear. */
async function findServer(collection: Collection, running: readonly RunningServer[]) {
  for (const [implementation, program] of [
    ['openssh', 'sshd'],
    ['dropbear', 'dropbear'],
  ] as const) {
    const ours = running
      .filter((each) => each.implementation === implementation)
      .map(({ args: [binary = ''] }) => binary);
    const usual = ours.filter((path) => path.endsWith(`/${program}`));
    const candidates = [...usual, ...ours, ...DIRECTORIES.map((directory) => `${directory}/${program}`)];
    for (const binary of candidates.filter((path) => path.startsWith('/'))) {
      const found = await locate(collection.host, binary);
      if (found.ok) return { implementation, binary };
      if (found.code !== 'NOT_PRESENT') noteRefusal(collection, binary, found);
    }
  }
  return undefined;
}

/** The files that running servers were told to read (`-f`), and the standard one where any was told none. */
async function findConfigPath(collection: Collection, runningArguments: readonly (readonly string[])[]) {
  let standard = CONFIG_PATHS[0] ?? '';
  for (const path of CONFIG_PATHS) {
    const found = await locate(collection.host, path);
    if (!found.ok && found.code === 'NOT_PRESENT') continue;
    standard = path;
    break;
  }
  const given = runningArguments.map((args) => givenConfigPath(args) ?? standard);
  const inForce = [...new Set(given.length > 0 ? given : [standard])].filter((path) => {
    if (path.startsWith('/')) return true;
    note(collection, 'UNREADABLE', path || '-f', 'a running server was given a configuration without an absolute path');
    return false;
  });
  return { standard, inForce };
}

/** What sshd makes of the first file; of each other one only whether it refuses it, which becomes a limitation. */
async function readEffective(
  collection: Collection,
  binary: string,
  { standard, inForce }: { readonly standard: string; readonly inForce: readonly string[] },
): Promise<string | undefined> {
  let first: string | undefined;
  for (const [index, path] of inForce.entries()) {
    const printed = await askTestMode(collection, binary, path === standard ? [] : ['-f', path]);
    if (index === 0) first = printed;
  }
  return first;
}

async function askTestMode(collection: Collection, binary: string, file: readonly string[]) {
  const ask = async (client: string) => {
    const args = ['-T', ...file, '-C', client];
    return { subject: commandLine(binary, args), output: await runTool(collection, binary, args) };
  };
  let { subject, output } = await ask(CLIENT);
  if (output && output.exitCode !== 0 && /invalid test mode specification/i.test(output.stderr)) {
    ({ subject, output } = await ask(OLD_CLIENT));
  }
  if (!output) return undefined;
  if (output.exitCode !== 0) {
    note(collection, 'UNREADABLE', subject, `exit ${output.exitCode}: ${output.stderr.trim()}`);
    return undefined;
  }
  recordSource(collection, subject, output.stdout);
  return fit(collection, output.stdout, 65_536, subject);
}
