import { type Collection, note, noteRefusal } from './collection.ts';
import { listDirectory, readLink } from './host/list-directory.ts';
import { readRegularFile } from './host/read-regular-file.ts';

const MAX_PROCESSES = 100_000;

/** The ids of running processes, ascending, with 1 at the end: what it holds for others is theirs. `quiet` notes nothing. */
export async function listProcesses(collection: Collection, quiet = false): Promise<number[]> {
  const names = await listDirectory(collection.host, '/proc', MAX_PROCESSES);
  if (!names.ok) {
    if (!quiet) noteRefusal(collection, '/proc', names);
    return [];
  }
  const pids = names.value.filter((name) => /^[1-9]\d{0,9}$/.test(name)).map(Number);
  if (quiet) return pids.sort((a, b) => a - b);
  if (pids.length === 0) note(collection, 'NOT_PRESENT', '/proc', 'shows no processes');
  else if (!pids.includes(1))
    note(collection, 'PERMISSION_DENIED', '/proc', 'hides processes of others than the agent');
  return pids.sort((a, b) => (a === 1 ? 1 : b === 1 ? -1 : a - b));
}

/** A file of /proc/<pid> as text; undefined where the process has ended or is not the agent's to see. */
export async function readProcessFile(collection: Collection, pid: number, name: string): Promise<string | undefined> {
  const read = await readRegularFile(collection.host, `/proc/${pid}/${name}`, 262_144);
  return read.ok ? read.value.toString('utf8') : undefined;
}

/** Whether a process is known to be in another process namespace than the agent: in a container on this host. */
export async function isElsewhere(collection: Collection, pid: number): Promise<boolean> {
  const own = await readLink(collection.host, `/proc/self/ns/pid`);
  const its = await readLink(collection.host, `/proc/${pid}/ns/pid`);
  return own.ok && its.ok && own.value !== its.value;
}
