import type { Socket } from 'node:net';
import { networkOf } from './network-of.ts';

/** The connections of one server, at most so many. */
export interface OpenConnections {
  /** Takes a new one. With one too many, the newest of the network that has the most is closed, which may be this one. */
  readonly add: (socket: Socket) => void;
  readonly destroyAll: () => void;
}

/** A ceiling that is shared: who opens one connection after the other closes nobody else's. */
export function createOpenConnections(most: number): OpenConnections {
  const networks = new Map<string, Set<Socket>>();
  let count = 0;
  const forget = (socket: Socket, network: string): void => {
    const sockets = networks.get(network);
    if (!sockets?.delete(socket)) return;
    count--;
    if (sockets.size === 0) networks.delete(network);
  };
  const closeOne = (): void => {
    let [largest, size] = ['', 0];
    for (const [network, sockets] of networks) if (sockets.size >= size) [largest, size] = [network, sockets.size];
    const newest = [...(networks.get(largest) ?? [])].at(-1);
    if (!newest) return;
    newest.destroy();
    forget(newest, largest);
  };
  return {
    add: (socket) => {
      const network = networkOf(socket.remoteAddress ?? '');
      const sockets = networks.get(network) ?? new Set();
      networks.set(network, sockets.add(socket));
      count++;
      socket.once('close', () => forget(socket, network));
      if (count > most) closeOne();
    },
    destroyAll: () => {
      for (const sockets of networks.values()) for (const socket of sockets) socket.destroy();
    },
  };
}
