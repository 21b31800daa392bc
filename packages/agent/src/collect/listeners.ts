import type { EvidenceData } from '@assay/model/evidence/kinds.ts';
import { type Collection, fitList, readText } from '../collection.ts';
import { findOwners } from './listeners/find-owners.ts';
import { parseSocketTable } from './listeners/parse-socket-table.ts';

type Listener = EvidenceData<'listeners'>['listeners'][number];

/** A table has a line of 150 bytes for every connection. */
const MAX_TABLE_BYTES = 32 * 1024 * 1024;
const MAX_LISTENERS = 20_000;

const TABLES = [
  { path: '/proc/net/tcp', protocol: 'TCP', family: 'IPv4' },
  { path: '/proc/net/tcp6', protocol: 'TCP', family: 'IPv6' },
  { path: '/proc/net/udp', protocol: 'UDP', family: 'IPv4' },
  { path: '/proc/net/udp6', protocol: 'UDP', family: 'IPv6' },
] as const;

/** The sockets of the agent's own network namespace. An IPv6 socket on `::` may take IPv4 as well; /proc does not say. */
export async function collectListeners(collection: Collection): Promise<EvidenceData<'listeners'> | undefined> {
  const found: { readonly listener: Listener; readonly inode: string }[] = [];
  let tables = 0;
  for (const { path, protocol, family } of TABLES) {
    // Without IPv6 in the kernel its tables are not there.
    const text = await readText(collection, path, { maxBytes: MAX_TABLE_BYTES, optional: family === 'IPv6' });
    if (text === undefined) continue;
    tables++;
    for (const { address, port, uid, inode } of parseSocketTable(collection, path, text, protocol)) {
      found.push({ inode, listener: { protocol, family, address, port, uid } });
    }
  }
  if (tables === 0) return undefined;
  const listed = fitList(collection, found, MAX_LISTENERS, 'listeners');
  const owners = await findOwners(collection, new Set(listed.map(({ inode }) => inode)));
  return { listeners: listed.map(({ listener, inode }) => ({ ...listener, process: owners.get(inode) })) };
}
