import { readFile } from 'node:fs/promises';
import type { LoopbackConnection } from '../../wire/console-session.ts';

/**
 * The user id of the program at the other end of a TCP connection on this machine, from the kernel's table of sockets.
 * Undefined where there is no such table (other systems than Linux) or the connection is not in it.
 */
export async function peerUser({
  remoteAddress,
  remotePort,
  localPort,
}: LoopbackConnection): Promise<number | undefined> {
  const table = remoteAddress.includes(':') ? '/proc/net/tcp6' : '/proc/net/tcp';
  const text = await readFile(table, 'utf8').catch(() => '');
  return userIn(text, remotePort, localPort);
}

/** In the table, the other end's own address is the local one: `sl local_address rem_address st … uid`. */
export function userIn(table: string, port: number, serverPort: number): number | undefined {
  const users = table
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter(
      ([, local = '', remote = '']) => isLoopback(local) && portOf(local) === port && portOf(remote) === serverPort,
    )
    .map((fields) => Number(fields[7]));
  const [user] = users;
  // Two sockets with these ports are on two loopback addresses: whose this is, is not known.
  return users.length === 1 && Number.isInteger(user) ? user : undefined;
}

const portOf = (address: string): number => Number.parseInt(address.slice(address.indexOf(':') + 1), 16);

/** 127.0.0.0/8, ::1 or the former written as IPv6, as the kernel prints them: words of four bytes, the lowest first. */
const isLoopback = (address: string): boolean =>
  /^(?:[0-9A-F]{6}7F|0{24}01000000|0{16}FFFF0000[0-9A-F]{6}7F):/.test(address);
