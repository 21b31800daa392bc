import type { Zone } from '../../domain/zones.ts';
import type { Family } from './addresses.ts';
import type { Budget } from './bounds.ts';
import { representatives } from './classes.ts';
import { type Arrived, travel } from './journey.ts';
import type { Packet } from './packet.ts';
import { ALL_PORTS, intersect, NONE, type Ranges, subtract, union, type Value } from './ranges.ts';
import type { Ruleset } from './ruleset.ts';
import type { HostAddress, HostInterface, HostNetwork } from './surroundings.ts';
import type { State } from './walk.ts';
import { destinationsOf, interfacesOf, sourcesOf } from './zones.ts';

/** What packets of one class get through to: ports as they were sent to. */
export interface Exposure {
  readonly zone: Zone;
  readonly device: HostInterface;
  readonly destination: HostAddress;
  readonly packet: Packet;
  /** Accepted whatever holds; and accepted only if something holds that cannot be decided. */
  readonly open: Ranges;
  readonly conditional: Ranges;
  /** Of these, what an address translation leads elsewhere: to another port, host or container. */
  readonly translated: Ranges;
}

export interface World {
  readonly network: HostNetwork;
  readonly ruleset: Ruleset;
  readonly budget: Budget;
}

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
      for (const packet of packetsTo.packets(each)) found.push(exposureOf(world, zone, packetsTo, packet));
    }
  }
  return found;
}

interface Destination {
  readonly device: HostInterface;
  readonly destination: HostAddress;
  readonly packets: (protocol: Packet['protocol']) => Packet[];
}

function* destinations({ network, ruleset }: World, zone: Zone): Generator<Destination> {
  for (const device of interfacesOf(zone, network)) {
    const sources = {
      4: sourcesFor({ network, ruleset }, zone, device, 4),
      6: sourcesFor({ network, ruleset }, zone, device, 6),
    };
    const sourcePorts = representatives(EVERY_SOURCE_PORT, ruleset.distinctions.sourcePorts, CLIENT_PORT).map(Number);
    for (const destination of destinationsOf(zone, device)) {
      if (!network.takes(destination.family, device.name)) continue;
      const packets = (protocol: Packet['protocol']): Packet[] =>
        sources[destination.family].flatMap((source) =>
          sourcePorts.map((sourcePort) => firstPacket(protocol, destination, device, source, sourcePort)),
        );
      yield { device, destination, packets };
    }
  }
}

function sourcesFor(world: Omit<World, 'budget'>, zone: Zone, device: HostInterface, family: Family): readonly Value[] {
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

function exposureOf(world: World, zone: Zone, { device, destination }: Destination, packet: Packet): Exposure {
  const { network, ruleset, budget } = world;
  const walk = { chains: ruleset.chains, around: network, budget, trace: false };
  const arrived = travel(walk, ruleset, network, packet, ALL_PORTS);
  const accepted = [...arrived.local, ...arrived.forwarded];
  const through = portsOf(accepted);
  const stopped = portsOf(arrived.stopped);
  const translated = portsOf(accepted.filter(({ packet: { moved } }) => moved));
  const [open, conditional] = [subtract(through, stopped), intersect(through, stopped)];
  return { zone, device, destination, packet, open, conditional, translated };
}

const portsOf = (states: readonly State[]): Ranges =>
  states.length === 0 ? NONE : union(states.flatMap(({ ports }) => ports));

/** Every way that one packet may take, with its steps. */
export function trace({ network, ruleset, budget }: World, packet: Packet, port: number): Arrived {
  const walk = { chains: ruleset.chains, around: network, budget, trace: true };
  return travel(walk, ruleset, network, packet, [[port, port]]);
}
