import type { EvidenceData, HostEvidence } from '@assay/model/evidence/kinds.ts';
import { parseAddress } from './addresses.ts';
import type { Packet } from './packet.ts';

export type Listener = EvidenceData<'listeners'>['listeners'][number];

/** Whether a socket of the host takes a packet that was accepted to `port`. */
export function takes(listener: Listener, packet: Packet, port: number): boolean {
  if (listener.networkNamespace !== undefined) return false;
  if (listener.protocol.toLowerCase() !== packet.protocol || listener.port !== port) return false;
  if (listener.device !== undefined && listener.device !== packet.incoming.name) return false;
  const bound = parseAddress(listener.address);
  if (!bound) return false;
  // A socket on :: takes IPv4 as well unless it is told not to; where that is not known it may.
  const every = BigInt(bound.value) === 0n;
  if (bound.family !== packet.family) return bound.family === 6 && every && listener.v6only !== true;
  return every || packet.destination === undefined || bound.value === packet.destination;
}

/** Whether it is known which sockets there are. */
export const seesListeners = ({ listeners }: HostEvidence): boolean => listeners?.data !== undefined;

export const listenersOf = ({ listeners }: HostEvidence): readonly Listener[] => listeners?.data?.listeners ?? [];
