import type { HostEvidence } from '@assay/model/evidence/kinds.ts';
import type { Explanation } from '../../domain/explanation.ts';
import { serviceOf } from '../../domain/recognized-ports.ts';
import type { Explaining, Knowledge } from '../../domain/rules-package.ts';
import type { Zone } from '../../domain/zones.ts';
import { type Address, formatAddress, parseAddress } from './addresses.ts';
import { BeyondBounds } from './bounds.ts';
import { exposuresOf, firstPacket, type World, worldOf } from './exposure.ts';
import { type Sockets, socketsOf } from './listeners.ts';
import { type Judgement, judgementOf, type PortState, type Sight, sightOf, sightText } from './outside.ts';
import { packetText, stepText } from './packet-text.ts';
import { readFirewall } from './read-firewall.ts';
import { type HostInterface, hostNetwork } from './surroundings.ts';
import { bestWay, type Way, wayOf } from './way.ts';
import { recommendation, shortFrom } from './wording.ts';
import { zonesOf } from './zones-of.ts';

const SUBJECT = /^(tcp|udp)\/(\d{1,5})(?: from (\S+))?$/i;

/** `assay why HOST tcp/22 [--from ADDRESS]`: open, closed or conditional, with a packet and the rules on its way. */
export const explaining: Explaining = {
  by: 'firewall',
  subjectOf: (text) => {
    const [, protocol = '', port = '', from] = SUBJECT.exec(text.trim()) ?? [];
    if (port === '' || Number(port) > 65_535 || Number(port) === 0) return undefined;
    const subject = `${protocol.toLowerCase()}/${Number(port)}`;
    if (from === undefined) return subject;
    const address = parseAddress(from);
    return address && `${subject} from ${formatAddress(address.family, address.value)}`;
  },
  explain: (subject, evidence, knowledge) => {
    const [, protocol = 'tcp', port = '0', from] = SUBJECT.exec(subject) ?? [];
    const asked = {
      protocol: protocol.toLowerCase() as 'tcp' | 'udp',
      port: Number(port),
      from: from === undefined ? undefined : parseAddress(from),
    };
    try {
      return explain(asked, evidence, knowledge);
    } catch (error) {
      if (!(error instanceof BeyondBounds)) throw error;
      return unknown(error.message, asked, knowledge);
    }
  },
};

interface Asked {
  readonly protocol: 'tcp' | 'udp';
  readonly port: number;
  readonly from: Address | undefined;
}

/** An answer without the host's configuration: a probe may have seen the port nevertheless. */
function unknown(reason: string, asked: Asked, knowledge: Knowledge): Explanation {
  const sights = sightsOf(asked, [], knowledge);
  const connected = sights.some(({ judgement }) => judgement === 'CONFIRMED');
  return {
    outcome: connected ? 'FINDING' : 'NOT_ASSESSED',
    reason: connected ? `A probe from outside connected to the port. ${reason}` : reason,
    sections: sightSections(sights),
    data: { state: null, ...sightData(sights) },
  };
}

function explain(asked: Asked, evidence: HostEvidence, knowledge: Knowledge): Explanation {
  const firewall = readFirewall(evidence);
  if (!firewall.ok)
    return unknown(
      `The firewall cannot be read: ${firewall.why || 'the host delivered no evidence of it'}.`,
      asked,
      knowledge,
    );
  if (!evidence.interfaces?.data || !evidence.routes?.data)
    return unknown('The host delivered no evidence of its interfaces or routes.', asked, knowledge);
  const network = hostNetwork(evidence);
  const world = worldOf(network, firewall.ruleset);
  const sockets = socketsOf(evidence);
  const ways = asked.from
    ? waysFrom(world, asked, asked.from, sockets)
    : waysByZone(world, asked, zonesOf(knowledge), sockets);
  if (ways.length === 0)
    return unknown(
      asked.from
        ? 'No route of the host leads to this source: by which interface it would arrive is not known.'
        : 'No interface leads to any zone.',
      asked,
      knowledge,
    );
  const sights = sightsOf(asked, ways, knowledge);
  const states = ways.map(({ way }) => way.state);
  const state = states.includes('open') ? 'open' : states.includes('conditional') ? 'conditional' : 'closed';
  const refuted = state === 'closed' && sights.some(({ sight }) => sight.saw === 'connected');
  const service = serviceOf(asked.protocol, asked.port);
  const words = {
    open: 'open: a packet gets in',
    conditional: 'conditional: whether a packet gets in depends on what the rules alone do not tell',
    closed: refuted
      ? 'closed by the configuration of the host, but a probe from outside connected to it'
      : 'closed: no packet of these gets in',
  };
  return {
    outcome: state === 'closed' && !refuted ? 'PASSED' : 'FINDING',
    reason: `${asked.protocol.toUpperCase()} port ${asked.port}${service ? ` (${service})` : ''} is ${words[state]}.`,
    sections: [
      ...ways.map(({ heading, way, zone }) => ({
        heading: `${heading}: ${way.state}`,
        lines: linesOf(way, zone),
      })),
      ...sightSections(sights),
    ],
    data: {
      protocol: asked.protocol.toUpperCase(),
      port: asked.port,
      service: service ?? null,
      state,
      ways: ways.map(({ heading, way }) => ({ from: heading, ...forPrograms(way) })),
      ...sightData(sights),
    },
  };
}

interface Told {
  readonly heading: string;
  readonly way: Way;
  readonly zone: Zone;
}

interface ToldSight {
  readonly zone: string;
  readonly sight: Sight;
  readonly judgement: Judgement;
  readonly means: string;
}

/** What probes saw of a port from each zone, and what that says about the way from there. */
function sightsOf({ protocol, port, from }: Asked, ways: readonly Told[], knowledge: Knowledge): ToldSight[] {
  if (protocol !== 'tcp' || from) return [];
  return zonesOf(knowledge).flatMap((zone) => {
    const sight = sightOf(knowledge, zone, port);
    if (!sight) return [];
    const state = ways.find((each) => each.zone.name === zone.name)?.way.state ?? 'unknown';
    const judgement = judgementOf(sight, state);
    return [{ zone: zone.name, sight, judgement, means: meaning(judgement, state) }];
  });
}

function meaning(judgement: Judgement, state: PortState): string {
  switch (judgement) {
    case 'CONFIRMED':
      return 'it confirms that the port can be reached';
    case 'REFUTED':
      return 'it refutes that the port is closed';
    case 'NOT_CONFIRMED':
      return state === 'closed' || state === 'unknown'
        ? 'it did not get in from there, which says nothing about other sources'
        : `it does not confirm that the port is ${state}: other sources may get in, or something in front of the host stops them`;
  }
}

const sightSections = (sights: readonly ToldSight[]) =>
  sights.length === 0
    ? []
    : [{ heading: 'Seen from outside', lines: sights.map(({ sight, means }) => `${sightText(sight)}: ${means}`) }];

const sightData = (sights: readonly ToldSight[]) =>
  sights.length === 0
    ? {}
    : {
        probes: sights.map(({ zone, sight: { saw, probe }, judgement }) => ({
          zone,
          vantage: probe.vantage,
          address: probe.address,
          at: probe.at,
          saw,
          judgement,
        })),
      };

/** Of each zone the best way in, or for a closed port what stops the first class of packets. */
function waysByZone(world: World, { protocol, port }: Asked, zones: readonly Zone[], sockets: Sockets): Told[] {
  return zones.flatMap((zone): Told[] => {
    const exposures = exposuresOf(world, zone, protocol);
    const [first] = exposures;
    if (!first) return [];
    const way = bestWay(world, exposures, protocol, port, sockets) ?? wayOf(world, first.packet, port, sockets);
    return [{ heading: `From ${shortFrom(zone)}`, way, zone }];
  });
}

/** From one address, to each of the host's: by the interface that the route back to it leaves by. */
function waysFrom(world: World, { protocol, port }: Asked, from: Address, sockets: Sockets): Told[] {
  const { network } = world;
  const route = network.routeTo(from.family, from.value);
  const devices: readonly HostInterface[] = network.interfaces.filter(({ name, up, loopback }) =>
    route === 'unsure' ? up && !loopback : name === route?.name,
  );
  const text = formatAddress(from.family, from.value);
  const zone: Zone = { name: text, routeType: 'Internet', networks: [text] };
  return devices.flatMap((device) =>
    device.addresses
      .filter(({ family, text: own }) => family === from.family && !/^fe[89ab]/i.test(own))
      .map((destination): Told => {
        const way = wayOf(world, firstPacket(protocol, destination, device, from.value), port, sockets);
        return { heading: `From ${text} to ${destination.text} by ${device.name}`, way, zone };
      }),
  );
}

function linesOf(way: Way, zone: Zone): string[] {
  const steps = way.steps.map((step) => stepText(step));
  const listener = way.listener
    ? [
        `listener: ${way.listener.process?.name ?? 'a socket'} on ${way.listener.address} port ${way.listener.port}${way.namespace === undefined ? '' : `, in the network namespace ${way.namespace}`}`,
      ]
    : way.state === 'closed'
      ? []
      : [way.socketsSeen ? 'listener: none' : 'listener: not known'];
  return [
    `packet: ${packetText(way.packet, way.port)}`,
    ...(steps.length === 0 ? ['rules: none on its way'] : steps),
    ...way.conditions.map((condition) => `only if ${condition}`),
    ...listener,
    ...(way.state === 'closed' ? [] : [`to close it: ${recommendation(way, zone)}`]),
  ];
}

const forPrograms = ({ state, packet, port, steps, conditions, listener, forwarded }: Way) => ({
  state,
  packet: {
    protocol: packet.protocol.toUpperCase(),
    source: formatAddress(packet.family, packet.source),
    sourcePort: packet.sourcePort,
    destination: packet.destination === undefined ? null : formatAddress(packet.family, packet.destination),
    port,
    interface: packet.incoming.name,
    state: 'new',
  },
  rules: steps.map(({ chain, rule, did }) => ({
    table: chain.table,
    chain: chain.name,
    place: rule?.place ?? 'policy',
    text: rule?.text ?? did,
    did,
  })),
  conditions,
  forwarded,
  listener: listener ? { address: listener.address, port: listener.port, process: listener.process ?? null } : null,
});
