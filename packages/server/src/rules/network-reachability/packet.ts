import type { Family } from './addresses.ts';
import type { Ranges, Value } from './ranges.ts';

export interface Device {
  readonly name: string;
  readonly index: number | undefined;
  readonly group: number | undefined;
  readonly loopback: boolean;
}

/**
 * The first packet of a connection, whose destination port is any of those that are looked at together. What address
 * translation did to it is in `translated`; the ports that are looked at stay those that it was sent to.
 */
export interface Packet {
  readonly family: Family;
  readonly protocol: 'tcp' | 'udp';
  readonly source: Value;
  readonly sourcePort: number;
  /** As it stands: after a translation, what it was translated to; undefined where that cannot be told. */
  readonly destination: Value | undefined;
  readonly incoming: Device;
  readonly outgoing?: Device;
  /** The port or ports that it goes to now; absent where that is the one it was sent to. */
  readonly translatedPort?: Ranges;
  /** A translation of the destination was set up: no other follows. */
  readonly translated: boolean;
  /** It leads elsewhere than the packet was sent to: only then does the kernel call the connection translated. */
  readonly moved: boolean;
  readonly untracked: boolean;
  /** It is where connections are not tracked yet: at ingress, or early in prerouting. */
  readonly early?: boolean;
  /** `known` has a bit for each bit of the mark that a rule has set: those of a mark from elsewhere are not known. */
  readonly mark: { readonly value: number; readonly known: number };
}

/** What packets can be asked of the host that they reach. */
export interface Surroundings {
  /** The kind of an address for this host, as `fib` and `addrtype` name it. */
  readonly typeOf: (family: Family, address: Value, on?: Device) => 'local' | 'unicast' | 'broadcast' | 'multicast';
  /** The device that leads to an address: undefined where none does, `unsure` where rules choose by what is not known. */
  readonly routeTo: (family: Family, address: Value) => Device | 'unsure' | undefined;
  /** Whether any route to an address leads out by this device. */
  readonly leadsBack: (family: Family, address: Value, device: Device) => boolean | 'unsure';
  /** The address that a redirection on this device leads to. */
  readonly firstAddress: (family: Family, device: Device) => Value | undefined;
}
