import type { EvidenceData } from '@assay/model/evidence/kinds.ts';
import { bounded, type Collection, fitList, readText } from '../collection.ts';
import { findOwners } from './listeners/find-owners.ts';
import { addressesOf, otherNamespaces } from './listeners/other-namespaces.ts';
import { parseSocketTable } from './listeners/parse-socket-table.ts';
import { type SocketDetails, socketDetails } from './listeners/socket-details.ts';

type Listener = EvidenceData<'listeners'>['listeners'][number];

/** A table has a line of 150 bytes for every connection. */
const MAX_TABLE_BYTES = 32 * 1024 * 1024;
const MAX_LISTENERS = 20_000;

const TABLES = [
  { table: 'tcp', protocol: 'TCP', family: 'IPv4' },
  { table: 'tcp6', protocol: 'TCP', family: 'IPv6' },
  { table: 'udp', protocol: 'UDP', family: 'IPv4' },
  { table: 'udp6', protocol: 'UDP', family: 'IPv6' },
] as const;

interface Found {
  readonly listener: Listener;
  readonly inode: string;
}

/** The sockets of the agent's own network namespace, and of those that other processes are in. */
export async function collectListeners(collection: Collection): Promise<EvidenceData<'listeners'> | undefined> {
  const found = await readTables(collection, '/proc/net');
  if (!found) return undefined;
  const details = found.length > 0 ? await socketDetails(collection) : new Map<string, SocketDetails>();
  const all: Found[] = found.map(({ listener, inode }) => ({
    inode,
    listener: { ...listener, ...details.get(inode) },
  }));
  const namespaces: { name: string; addresses: string[] }[] = [];
  for (const { name, pid } of await otherNamespaces(collection)) {
    const theirs = await readTables(collection, `/proc/${pid}/net`, true);
    if (!theirs) continue;
    namespaces.push({ name: bounded(name, 256), addresses: await addressesOf(collection, pid) });
    for (const { listener, inode } of theirs) {
      all.push({ inode, listener: { ...listener, networkNamespace: bounded(name, 256) } });
    }
  }
  const listed = fitList(collection, all, MAX_LISTENERS, 'listeners');
  const owners = await findOwners(collection, new Set(listed.map(({ inode }) => inode)));
  return {
    listeners: listed.map(({ listener, inode }) => ({ ...listener, process: owners.get(inode) })),
    ...(namespaces.length > 0 && { namespaces }),
  };
}

/** Undefined where no table can be read; `ended` processes are no limitation. */
async function readTables(collection: Collection, directory: string, ended = false): Promise<Found[] | undefined> {
  const found: Found[] = [];
  let tables = 0;
  for (const { table, protocol, family } of TABLES) {
    const path = `${directory}/${table}`;
    // Without IPv6 in the kernel its tables are not there.
    const optional = ended || family === 'IPv6';
    const text = await readText(collection, path, { maxBytes: MAX_TABLE_BYTES, optional, digest: !ended });
    if (text === undefined) continue;
    tables++;
    for (const { address, port, uid, inode } of parseSocketTable(collection, path, text, protocol)) {
      found.push({ inode, listener: { protocol, family, address, port, uid } });
    }
  }
  return tables === 0 ? undefined : found;
}
