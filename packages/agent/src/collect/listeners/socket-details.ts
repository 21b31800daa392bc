import { type Collection, commandLine, note, recordSource } from '../../collection.ts';

export interface SocketDetails {
  readonly v6only?: boolean;
  /** The interface that it is bound to. */
  readonly device?: string;
}

const ARGUMENTS = ['-Hlntue'];

/** What only netlink tells of the agent's own namespace's sockets, by inode: `ss` asks it. */
export async function socketDetails(collection: Collection): Promise<ReadonlyMap<string, SocketDetails>> {
  const found = new Map<string, SocketDetails>();
  const subject = commandLine('ss', ARGUMENTS);
  const asked = await collection.host.run('ss', ARGUMENTS, { timeoutMs: 10_000, maxBytes: 32 * 1024 * 1024 });
  if (!asked.ok || asked.value.exitCode !== 0) {
    const why = asked.ok ? `ss ended with status ${asked.value.exitCode}` : asked.detail;
    note(collection, 'UNSUPPORTED', subject, `which sockets take IPv6 alone or are bound to an interface: ${why}`);
    return found;
  }
  recordSource(collection, subject);
  for (const line of asked.value.stdout.split('\n')) {
    const [, , , , local = ''] = line.trim().split(/\s+/);
    const inode = / ino:(\d+)/.exec(line)?.[1];
    if (inode === undefined) continue;
    const device = /%([^:\]%]{1,256})\]?:\d+$/.exec(local)?.[1];
    const isSix = local.startsWith('[') || local.startsWith('*');
    const v6only = / v6only:([01])/.exec(line)?.[1] === '1';
    found.set(inode, { ...(isSix && { v6only }), ...(device !== undefined && { device }) });
  }
  return found;
}
