import type { EvidenceData } from '@assay/model/evidence/kinds.ts';
import { bounded, type Collection, note } from '../../collection.ts';
import { listDirectory, readLink } from '../../host/list-directory.ts';
import { listProcesses, readProcessFile } from '../../processes.ts';

type Owner = NonNullable<EvidenceData<'listeners'>['listeners'][number]['process']>;

/** Descriptors looked at in all; a host has some ten thousand. */
const MAX_DESCRIPTORS = 2_000_000;

/**
 * Inode → the process that holds the socket: of several the one with the lowest id, which forked the others. What
 * the agent may not see is said once for all.
 */
export async function findOwners(
  collection: Collection,
  inodes: ReadonlySet<string>,
): Promise<ReadonlyMap<string, Owner>> {
  const owners = new Map<string, Owner>();
  const unseen = { denied: 0, descriptors: 0 };
  for (const pid of await listProcesses(collection)) {
    if (owners.size === inodes.size || unseen.descriptors > MAX_DESCRIPTORS) continue;
    const descriptors = await listDirectory(collection.host, `/proc/${pid}/fd`, 1_100_000);
    if (!descriptors.ok) {
      // NOT_PRESENT is a process that has ended.
      if (descriptors.code !== 'NOT_PRESENT') unseen.denied++;
      continue;
    }
    for (const descriptor of descriptors.value) {
      if (++unseen.descriptors > MAX_DESCRIPTORS) break;
      const link = await readLink(collection.host, `/proc/${pid}/fd/${descriptor}`);
      const inode = link.ok ? /^socket:\[(\d+)\]$/.exec(link.value)?.[1] : undefined;
      if (inode !== undefined && inodes.has(inode) && !owners.has(inode)) {
        owners.set(inode, await describeProcess(collection, pid));
      }
    }
  }
  const orphans = inodes.size - owners.size;
  if (orphans > 0 && unseen.denied > 0) {
    const detail = `the processes of ${orphans} sockets: ${unseen.denied} processes do not show the agent their files`;
    note(collection, 'PERMISSION_DENIED', '/proc/*/fd', detail);
  } else if (orphans > 0 && unseen.descriptors <= MAX_DESCRIPTORS) {
    const detail = `the processes of ${orphans} sockets: the kernel's own, ended since, or of another process namespace`;
    note(collection, 'NOT_PRESENT', '/proc/*/fd', detail);
  }
  if (orphans > 0 && unseen.descriptors > MAX_DESCRIPTORS) {
    note(
      collection,
      'TOO_LARGE',
      '/proc/*/fd',
      `the processes of ${orphans} sockets: too many open files on this host`,
    );
  }
  return owners;
}

async function describeProcess(collection: Collection, pid: number): Promise<Owner> {
  const name = bounded((await readProcessFile(collection, pid, 'comm'))?.trimEnd() ?? '', 256);
  const link = await readLink(collection.host, `/proc/${pid}/exe`);
  return link.ok && link.value ? { pid, name, executable: bounded(link.value, 4096) } : { pid, name };
}
