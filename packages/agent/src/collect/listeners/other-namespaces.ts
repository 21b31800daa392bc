import { type Collection, note } from '../../collection.ts';
import { readLink } from '../../host/list-directory.ts';
import { readRegularFile } from '../../host/read-regular-file.ts';
import { listProcesses } from '../../processes.ts';
import { formatAddress } from './parse-socket-table.ts';

/** Each is asked for four tables and its addresses. */
const MOST = 500;
const MAX_ADDRESSES = 1000;

export interface OtherNamespace {
  /** As `/proc/<pid>/ns/net` names it: `net:[4026532000]`. */
  readonly name: string;
  /** A process that is in it. */
  readonly pid: number;
}

/** The network namespaces of running processes, but for the agent's own. */
export async function otherNamespaces(collection: Collection): Promise<OtherNamespace[]> {
  const own = await readLink(collection.host, '/proc/self/ns/net');
  if (!own.ok) return [];
  const found = new Map<string, number>();
  let denied = 0;
  for (const pid of await listProcesses(collection, true)) {
    const its = await readLink(collection.host, `/proc/${pid}/ns/net`);
    if (!its.ok) {
      if (its.code !== 'NOT_PRESENT') denied++;
    } else if (its.value !== own.value && !found.has(its.value)) found.set(its.value, pid);
  }
  if (denied > 0) {
    const detail = `${denied} processes do not show the agent which network namespace they are in`;
    note(collection, 'PERMISSION_DENIED', '/proc/*/ns/net', detail);
  }
  if (found.size > MOST) {
    const detail = `${found.size - MOST} of ${found.size} network namespaces: their sockets are not listed`;
    note(collection, 'TOO_LARGE', '/proc/*/ns/net', detail);
  }
  return [...found].slice(0, MOST).map(([name, pid]) => ({ name, pid }));
}

/** The addresses of a namespace, without those of loopback: the kernel prints them in its tables of routes. */
export async function addressesOf({ host }: Collection, pid: number): Promise<string[]> {
  const read = async (file: string): Promise<string> => {
    const told = await readRegularFile(host, `/proc/${pid}/net/${file}`, 4 * 1024 * 1024);
    return told.ok ? told.value.toString('utf8') : '';
  };
  const four = [...(await read('fib_trie')).matchAll(/\|-- (\d+\.\d+\.\d+\.\d+)\n\s+\/32 host LOCAL/g)].map(
    ([, address = '']) => address,
  );
  const six = [...(await read('if_inet6')).matchAll(/^([0-9a-f]{32}) /gm)].map(([, hex = '']) => ofBytes(hex));
  const all = [...new Set([...four, ...six])].filter((address) => !address.startsWith('127.') && address !== '::1');
  return all.slice(0, MAX_ADDRESSES);
}

const ofBytes = (hex: string): string => formatAddress(Buffer.from(hex, 'hex'));
