import { machine, hostname as ownHostname, release, version } from 'node:os';
import { bounded, type Collection, note, recordSource } from '../collection.ts';
import { readRegularFile } from '../host/read-regular-file.ts';

/** The host's name; for another root than `/`, what its files say. Empty where nothing says it. */
export async function readHostname(collection: Collection): Promise<string> {
  if (collection.host.root === '/') return bounded(ownHostname(), 256);
  return (await firstLine(collection, ['/proc/sys/kernel/hostname', '/etc/hostname'])).slice(0, 256);
}

/** As `uname -r`; undefined for a root without /proc. */
export async function readKernelRelease(collection: Collection): Promise<string | undefined> {
  if (collection.host.root === '/') return bounded(release(), 256);
  return (await firstLine(collection, ['/proc/sys/kernel/osrelease'])).slice(0, 256) || undefined;
}

/** As `uname -v`. */
export async function readKernelVersion(collection: Collection): Promise<string | undefined> {
  if (collection.host.root === '/') return bounded(version(), 4096);
  return (await firstLine(collection, ['/proc/sys/kernel/version'])).slice(0, 4096) || undefined;
}

/** As `uname -m`; for another root than `/`, of the kernel in its /proc or else of its shell. */
export async function readArchitecture(collection: Collection): Promise<string> {
  if (collection.host.root === '/') return bounded(machine(), 256);
  const said = (await firstLine(collection, ['/proc/sys/kernel/arch'])).slice(0, 256);
  if (said) return said;
  for (const path of ['/bin/sh', '/usr/bin/env', '/bin/busybox']) {
    const program = await readRegularFile(collection.host, path, 64 * 1024 * 1024);
    const architecture = program.ok ? architectureOf(program.value) : undefined;
    if (architecture) {
      recordSource(collection, path);
      return architecture;
    }
  }
  note(collection, 'NOT_PRESENT', 'architecture', 'neither /proc nor a program under the root says it');
  return 'unknown';
}

async function firstLine(collection: Collection, paths: readonly string[]): Promise<string> {
  for (const path of paths) {
    const read = await readRegularFile(collection.host, path, 4096);
    if (!read.ok) continue;
    recordSource(collection, path, read.value);
    const [line = ''] = read.value.toString('utf8').trim().split('\n');
    if (line) return bounded(line, 4096);
  }
  return '';
}

/** ELF's e_machine (and class, where one machine has two) → `uname -m`. */
const MACHINES: Readonly<Record<string, string>> = {
  '62/2': 'x86_64',
  '3/1': 'i686',
  '183/2': 'aarch64',
  '40/1': 'armv7l',
  '21/2': 'ppc64le',
  '22/2': 's390x',
  '243/2': 'riscv64',
  '258/2': 'loongarch64',
};

function architectureOf(program: Buffer): string | undefined {
  if (program.length < 20 || program.readUInt32BE(0) !== 0x7f454c46) return undefined;
  const littleEndian = program[5] === 1;
  return MACHINES[`${littleEndian ? program.readUInt16LE(18) : program.readUInt16BE(18)}/${program[4]}`];
}
