import type { Zone } from '../../domain/zones.ts';
import type { Family } from './addresses.ts';
import { type Budget, bounds } from './bounds.ts';
import { type ClassOf, representatives } from './classes.ts';
import { type Arrived, travel } from './journey.ts';
import type { Packet } from './packet.ts';
import { intersectPorts, onePort, type PortSet, subtractPorts, unionPorts } from './port-classes.ts';
import { type Ranges, subtract, union, type Value } from './ranges.ts';
import type { Ruleset } from './ruleset.ts';
import type { HostAddress, HostInterface, HostNetwork } from './surroundings.ts';
import type { State } from './walk.ts';
import { destinationsOf, interfacesOf, sourcesOf } from './zones.ts';

/** What packets of one class get through to: ports as they were sent to. */
export interface Reach {
  /** Accepted whatever holds; and accepted only if something holds that cannot be decided. */
  readonly open: PortSet;
  readonly conditional: PortSet;
  /** Of these, what an address translation leads elsewhere: to another port, host or container. */
  readonly translated: PortSet;
}

export interface Exposure extends Reach {
  readonly zone: Zone;
  readonly device: HostInterface;
  readonly destination: HostAddress;
  readonly packet: Packet;
}

export interface World {
  readonly network: HostNetwork;
  readonly ruleset: Ruleset;
  readonly budget: Budget;
  /** What is known of kinds of packets: zones share them. */
  readonly reached: Map<string, Reach>;
}

export const worldOf = (network: HostNetwork, ruleset: Ruleset): World => ({
  network,
  ruleset,
  budget: { visits: bounds.visits },
  reached: new Map(),
});

/** A source port that clients use; any port may be chosen by who sends. */
const CLIENT_PORT = 40_000;
const protocols = ['tcp', 'udp'] as const;
const EVERY_SOURCE_PORT: Ranges = [[1, 65_535]];

/** Everything that a zone gets through to, one exposure for each class of packets that the rules tell apart. */
export function exposuresOf(world: World, zone: Zone, protocol?: Packet['protocol']): Exposure[] {
  const found: Exposure[] = [];
  for (const packetsTo of destinations(world, zone)) {
    for (const each of protocols) {
      if (protocol !== undefined && each !== protocol) continue;
      for (const { packet, kind } of packetsTo.packets(each)) {
        const { device, destination } = packetsTo;
        found.push({ zone, device, destination, packet, ...reachOf(world, packet, kind) });
      }
    }
  }
  return found;
}

interface Destination {
  readonly device: HostInterface;
  readonly destination: HostAddress;
  /** Packets, each with a text that is the same for those that no rule tells apart. */
  readonly packets: (protocol: Packet['protocol']) => { readonly packet: Packet; readonly kind: string }[];
}

function* destinations({ network, ruleset }: World, zone: Zone): Generator<Destination> {
  for (const device of interfacesOf(zone, network)) {
    const sources = {
      4: sourcesFor({ network, ruleset }, zone, device, 4),
      6: sourcesFor({ network, ruleset }, zone, device, 6),
    };
    const sourcePorts = representatives(EVERY_SOURCE_PORT, ruleset.distinctions.sourcePorts, CLIENT_PORT);
    for (const destination of destinationsOf(zone, device)) {
      if (!network.takes(destination.family, device.name)) continue;
      const packets: Destination['packets'] = (protocol) =>
        sources[destination.family].flatMap((source) =>
          sourcePorts.map(({ value }) => ({
            packet: firstPacket(protocol, destination, device, source.value, Number(value)),
            kind: `${protocol} ${device.name} ${destination.text} ${source.class} ${value}`,
          })),
        );
      yield { device, destination, packets };
    }
  }
}

function sourcesFor(
  world: Pick<World, 'network' | 'ruleset'>,
  zone: Zone,
  device: HostInterface,
  family: Family,
): readonly ClassOf[] {
  const { network, ruleset } = world;
  const own: Ranges = union(
    network.interfaces.flatMap(({ addresses }) =>
      addresses.flatMap((each) => (each.family === family ? [[each.value, each.value] as const] : [])),
    ),
  );
  const possible = subtract(sourcesOf(zone, family), own);
  const asks = ruleset.asksRoutes || network.reversePath(device.name) > 0;
  const distinctions = asks
    ? [...ruleset.distinctions.sources, ...network.borders(family)]
    : ruleset.distinctions.sources;
  return representatives(possible, distinctions.filter(ofFamily(family)));
}

/** Rules of one family hold numbers, those of the other big integers: they do not mix. */
const ofFamily =
  (family: Family) =>
  (ranges: Ranges): boolean =>
    (typeof ranges[0]?.[0] === 'bigint') === (family === 6);

export const firstPacket = (
  protocol: Packet['protocol'],
  { family, value }: HostAddress,
  device: HostInterface,
  source: Value,
  sourcePort = CLIENT_PORT,
): Packet => ({
  family,
  protocol,
  source,
  sourcePort,
  destination: value,
  incoming: device,
  translated: false,
  moved: false,
  untracked: false,
  mark: { value: 0, known: 0 },
});

function reachOf(world: World, packet: Packet, kind: string): Reach {
  const { network, ruleset, budget, reached } = world;
  const known = reached.get(kind);
  if (known) return known;
  const walk = { chains: ruleset.chains, around: network, ports: ruleset.ports, budget, trace: false };
  const arrived = travel(walk, ruleset, network, packet);
  const accepted = [...arrived.local, ...arrived.forwarded];
  const through = portsOf(accepted);
  const stopped = portsOf(arrived.stopped);
  const reach = {
    open: subtractPorts(through, stopped),
    conditional: intersectPorts(through, stopped),
    translated: portsOf(accepted.filter(({ packet: { moved } }) => moved)),
  };
  reached.set(kind, reach);
  return reach;
}

const portsOf = (states: readonly State[]): PortSet => unionPorts(states.map(({ ports }) => ports));

/** Every way that one packet may take, with its steps. */
export function trace({ network, ruleset, budget }: World, packet: Packet, port: number): Arrived {
  const walk = { chains: ruleset.chains, around: network, ports: onePort(port), budget, trace: true };
  return travel(walk, ruleset, network, packet);
}

/** Whether any packet of a zone gets in to a port. */
export function stateOf(
  { ruleset: { ports } }: World,
  exposures: readonly Exposure[],
  protocol: Packet['protocol'],
  port: number,
): 'open' | 'conditional' | 'closed' {
  const own = exposures.filter(({ packet }) => packet.protocol === protocol);
  if (own.some(({ open }) => ports.has(open, port))) return 'open';
  return own.some(({ conditional }) => ports.has(conditional, port)) ? 'conditional' : 'closed';
}
