import type { EvidenceData, HostEvidence } from '@assay/model/evidence/kinds.ts';
import { oneLine } from '@assay/model/safe-text.ts';
import { parseAddress } from './addresses.ts';
import type { Packet } from './packet.ts';

export type Listener = EvidenceData<'listeners'>['listeners'][number];

/**
 * Whether a socket takes a packet that was accepted to `port`: one of the host, or where the packet was sent on to a
 * network namespace of the host, one of that.
 */
export function takes(listener: Listener, packet: Packet, port: number, namespace?: string): boolean {
  if (listener.networkNamespace !== namespace) return false;
  if (listener.protocol.toLowerCase() !== packet.protocol || listener.port !== port) return false;
  const isHere = namespace === undefined;
  if (isHere && listener.device !== undefined && listener.device !== packet.incoming.name) return false;
  const bound = parseAddress(listener.address);
  if (!bound) return false;
  // A socket on :: takes IPv4 as well unless it is told not to; where that is not known it may.
  const every = BigInt(bound.value) === 0n;
  if (bound.family !== packet.family) return bound.family === 6 && every && listener.v6only !== true;
  return every || packet.destination === undefined || bound.value === packet.destination;
}

/** What is known of the sockets that there are. */
export interface Sockets {
  /** Whether they were listed. */
  readonly seen: boolean;
  readonly listeners: readonly Listener[];
  /** The network namespace that an address is in, where it is one of the host's other namespaces. */
  readonly namespaceOf: (address: string) => string | undefined;
  /** What of them could not be seen. */
  readonly unseen: readonly string[];
}

export function socketsOf({ listeners: document }: HostEvidence): Sockets {
  const { listeners = [], namespaces = [] } = document?.data ?? {};
  const byAddress = new Map<string, string>();
  for (const { name, addresses } of namespaces) {
    // An address that two namespaces have leads to one of them: which is not known.
    for (const address of addresses) byAddress.set(address, byAddress.has(address) ? '' : name);
  }
  const within =
    namespaces.length === 0
      ? []
      : [`rules and interfaces of ${namespaces.length} other network namespaces on the host (containers)`];
  const limits = document?.limitations ?? [];
  const limited = limits
    .filter(({ subject }) => subject.startsWith('ss ') || subject.endsWith('/ns/net'))
    .map(({ detail, subject }) => detail ?? subject);
  return {
    seen: document?.data !== undefined,
    listeners,
    namespaceOf: (address) => byAddress.get(address) || undefined,
    unseen: [...(document?.data ? [] : ['which processes listen']), ...within, ...limited].map((each) =>
      oneLine(each, 250),
    ),
  };
}
