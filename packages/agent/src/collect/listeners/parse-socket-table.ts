import { SocketAddress } from 'node:net';
import { endianness } from 'node:os';
import { type Collection, note } from '../../collection.ts';

interface Socket {
  readonly address: string;
  readonly port: number;
  readonly uid: number;
  /** As /proc/<pid>/fd names it: `socket:[<inode>]`. */
  readonly inode: string;
}

/** TCP_LISTEN; and for UDP TCP_CLOSE, a socket that is bound but not connected to one peer. */
const WAITING = { TCP: '0A', UDP: '07' } as const;

/** The sockets of /proc/net/{tcp,tcp6,udp,udp6} that wait for traffic; proc(5) has the columns. */
export function parseSocketTable(
  collection: Collection,
  path: string,
  text: string,
  protocol: keyof typeof WAITING,
): Socket[] {
  const sockets: Socket[] = [];
  let malformed = 0;
  for (const line of text.split('\n').slice(1)) {
    if (line.trim() === '') continue;
    const [, local = '', , state = '', , , , uid = '', , inode = ''] = line.trim().split(/\s+/);
    const [, words, port] = /^([0-9A-F]{8}|[0-9A-F]{32}):([0-9A-F]{4})$/.exec(local) ?? [];
    if (!words || !port || !/^\d{1,10}$/.test(uid) || Number(uid) > 0xffffffff || !/^\d{1,20}$/.test(inode)) {
      malformed++;
    } else if (state === WAITING[protocol]) {
      sockets.push({ address: formatWords(words), port: Number.parseInt(port, 16), uid: Number(uid), inode });
    }
  }
  if (malformed > 0) note(collection, 'UNREADABLE', path, `${malformed} lines are not of a form that is known`);
  return sockets;
}

/** Words of 32 bits in the host's byte order. */
function formatWords(words: string): string {
  const bytes = Buffer.from(words, 'hex');
  if (endianness() === 'LE') bytes.swap32();
  return formatAddress(bytes);
}

/** An address of 4 or 16 bytes as text. */
export function formatAddress(bytes: Buffer): string {
  if (bytes.length === 4) return [...bytes].join('.');
  const groups = Array.from({ length: 8 }, (_, index) => bytes.readUInt16BE(index * 2).toString(16));
  return new SocketAddress({ address: groups.join(':'), family: 'ipv6' }).address;
}
