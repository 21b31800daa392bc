import { lstat } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { EvidenceData } from '@assay/model/evidence/kinds.ts';
import { type Collection, fitList, note, noteRefusal, recordSource } from '../collection.ts';
import { listDirectory } from '../host/list-directory.ts';
import { locate } from '../host/locate.ts';
import { refusalOf } from '../host.ts';
import { readAcls } from './file-modes/read-acls.ts';

type Directory = EvidenceData<'fileModes'>['directories'][number];

const DIRECTORIES = [
  ...['/', '/bin', '/sbin', '/usr', '/usr/bin', '/usr/sbin', '/usr/lib', '/usr/lib64', '/usr/libexec'],
  ...['/usr/local', '/usr/local/bin', '/usr/local/sbin', '/usr/local/lib', '/etc', '/etc/ssh', '/etc/pam.d'],
  ...['/etc/security', '/etc/init.d', '/etc/systemd', '/etc/systemd/system', '/etc/sudoers.d', '/etc/profile.d'],
  ...['/etc/ld.so.conf.d', '/boot', '/opt'],
  // Whoever can write here becomes root at the next start, the next update or the next login.
  ...[
    '/usr/lib/systemd/system',
    '/usr/lib/pam.d',
    '/usr/lib/modules',
    '/usr/lib/security',
    '/usr/lib64/security',
    '/etc/apt',
    '/etc/apt/trusted.gpg.d',
    '/etc/apt/apt.conf.d',
    '/etc/apt/sources.list.d',
    '/etc/yum.repos.d',
  ],
  ...['/etc/ssh/sshd_config.d', '/etc/default', '/etc/sysconfig', '/etc/modprobe.d', '/etc/udev/rules.d'],
];
/** Directories by their names: /lib, /lib32, /lib64 …, /etc/cron.d, /etc/cron.daily …, /usr/lib/x86_64-linux-gnu … */
const PATTERNS = [
  { directory: '/', name: /^lib/, within: [] },
  { directory: '/etc', name: /^cron\./, within: [] },
  // Debian keeps libraries, and the modules of PAM, in a directory for each architecture.
  { directory: '/usr/lib', name: /^[a-z0-9_]+-linux-[a-z0-9_]+$/, within: ['security'] },
];

export async function collectFileModes(collection: Collection): Promise<EvidenceData<'fileModes'> | undefined> {
  const directories = new Map<string, Directory>();
  for (const path of DIRECTORIES) await addDirectory(collection, directories, path);
  for (const { directory, name: pattern, within } of PATTERNS) {
    const names = await listDirectory(collection.host, directory);
    if (!names.ok) {
      if (names.code !== 'NOT_PRESENT') noteRefusal(collection, directory, names);
    } else {
      for (const name of names.value.filter((each) => pattern.test(each) && each.isWellFormed())) {
        const path = `${directory === '/' ? '' : directory}/${name}`;
        // Files have such names too: /etc/cron.deny.
        await addDirectory(collection, directories, path, 'or a file');
        for (const each of within) await addDirectory(collection, directories, `${path}/${each}`, 'or a file');
      }
    }
  }
  const listed = fitList(collection, [...directories.values()], 500, 'directories');
  const acls = await readAcls(collection, listed);
  if (listed.length === 0) return undefined;
  return { directories: listed.map((directory) => ({ ...directory, ...acls.get(directory.path) })) };
}

/** Adds the real directory that `path` names, and every parent of it. */
async function addDirectory(
  collection: Collection,
  directories: Map<string, Directory>,
  path: string,
  expected: 'a directory' | 'or a file' = 'a directory',
): Promise<void> {
  const location = await locate(collection.host, path);
  if (!location.ok) {
    // Hosts differ in which of them they have; one that is not there cannot be written to.
    if (location.code !== 'NOT_PRESENT') noteRefusal(collection, path, location);
    return;
  }
  const { path: real, onDisk } = location.value;
  const known = directories.get(real);
  if (known) {
    if (real !== path && !known.aliases.includes(path) && known.aliases.length < 20) known.aliases.push(path);
    return;
  }
  try {
    const stats = await lstat(onDisk);
    if (!stats.isDirectory()) {
      if (expected === 'a directory') note(collection, 'UNREADABLE', path, 'not a directory');
      return;
    }
    const aliases = real === path ? [] : [path];
    directories.set(real, { path: real, aliases, uid: stats.uid, gid: stats.gid, mode: stats.mode & 0o7777 });
    recordSource(collection, real);
  } catch (error) {
    noteRefusal(collection, path, refusalOf(error));
    return;
  }
  if (real !== '/') await addDirectory(collection, directories, dirname(real));
}
