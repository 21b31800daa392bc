import { oneLine } from '@assay/model/safe-text.ts';
import { recognizedPorts, serviceOf } from '../../domain/recognized-ports.ts';
import type { Attribute, FindingDetails, Verdict } from '../../domain/rules-package.ts';
import { INSTANCE } from '../../domain/rules-package.ts';
import type { Zone } from '../../domain/zones.ts';
import type { Exposure, World } from './exposure.ts';
import type { Listener, Sockets } from './listeners.ts';
import { attributesOf, gatewayKey } from './original-table.ts';
import { packetText, portsAttribute, portsText, stepText } from './packet-text.ts';
import { type PortSet, unionPorts } from './port-classes.ts';
import type { Ranges } from './ranges.ts';
import { type FindingType, severityOf } from './severity-table.ts';
import { baseText, bestWay, type Way } from './way.ts';
import { fromText, listening, placeOf, portRule, recommendation, shortFrom, wayText } from './wording.ts';

/** Ports that address translation leads elsewhere, of which each is looked at; beyond, they are in the table of ports. */
const MOST_TRANSLATED = 256;

const protocols = ['tcp', 'udp'] as const;

/** A finding for each port of a zone that has a service of the original's, or a listener. */
export function portFindings(world: World, zone: Zone, exposures: readonly Exposure[], sockets: Sockets): Verdict[] {
  const verdicts: Verdict[] = [];
  for (const protocol of protocols) {
    const own = exposures.filter(({ packet }) => packet.protocol === protocol);
    for (const port of candidates(world, own, protocol, sockets.listeners)) {
      const way = bestWay(world, own, protocol, port, sockets);
      const verdict = way && portFinding(world, zone, way);
      if (verdict) verdicts.push(verdict);
    }
  }
  return verdicts;
}

function candidates(
  { ruleset }: World,
  exposures: readonly Exposure[],
  protocol: 'tcp' | 'udp',
  listeners: readonly Listener[],
): number[] {
  const ports = new Set(recognizedPorts(protocol));
  for (const each of listeners) if (each.protocol.toLowerCase() === protocol) ports.add(each.port);
  const translated = ruleset.ports.rangesOf(unionPorts(exposures.map((each) => each.translated)));
  for (const [low, high] of translated) {
    for (let port = Number(low); port <= Number(high) && port < Number(low) + MOST_TRANSLATED; port++) ports.add(port);
  }
  const reached = reachedBy(exposures);
  return [...ports].filter((port) => ruleset.ports.has(reached, port)).sort((a, b) => a - b);
}

const reachedBy = (exposures: readonly Exposure[]): PortSet =>
  unionPorts(exposures.flatMap(({ open, conditional }) => [open, conditional]));

function portFinding({ network }: World, zone: Zone, way: Way): Verdict | undefined {
  const { packet, port, listener, decisive, forwarded, socketsSeen, state } = way;
  const { protocol } = packet;
  const service = serviceOf(protocol, port);
  const type: FindingType | undefined = listener
    ? service
      ? 'RecognizedPortWithListener'
      : 'UnrecognizedPortWithListener'
    : service
      ? socketsSeen
        ? 'RecognizedPortNoListener'
        : 'RecognizedPortNoAgent'
      : undefined;
  if (type === undefined) return undefined;
  const name = `${protocol.toUpperCase()} port ${port}`;
  const associated = service ? ` which is associated with '${service}'` : '';
  const from = fromText(zone);
  const head = `On instance ${INSTANCE}, ${name}${associated} is reachable from ${from}`;
  const gateway = network.gateway(packet.incoming.name);
  const attributes: Attribute[] = [
    ...attributesOf({
      VPC: network.networkOf(packet.destination),
      ENI: packet.incoming.name,
      ACL: oneLine(baseText(way), 250),
      SECURITY_GROUP: decisive ? oneLine(`${placeOf(decisive)} ${decisive.rule?.place ?? 'policy'}`, 250) : 'none',
      ...(gateway !== undefined && { [gatewayKey[zone.routeType]]: oneLine(gateway, 100) }),
      REACHABILITY_TYPE: zone.routeType,
      RULE_TYPE: type,
      PROTOCOL: protocol.toUpperCase(),
      PORT: String(port),
      PORT_GROUP_NAME: service,
    }),
    { key: 'VERDICT', value: state },
  ];
  const finding: FindingDetails = {
    title: `${head}${state === 'conditional' ? ' under conditions' : ''}`,
    description: oneLine(`${head}${listening(type, listener, forwarded, way.namespace)} ${wayText(way, zone)}`, 8000),
    recommendation: oneLine(recommendation(way, zone), 4000),
    severity: severityOf(type, zone.routeType, service),
    attributes,
  };
  const ruleId = portRule(zone, protocol, port);
  return { ruleId, outcome: 'FINDING', observations: observed(way), finding };
}

/** The witness: the packet, the rules it passes, and where it arrives. */
function observed({ packet, port, steps, listener, conditions, state }: Way) {
  const source = packetText(packet, port);
  return [
    {
      source,
      observed: `${state}${listener ? `, taken by ${oneLine(listener.process?.name ?? 'a socket', 100)} on ${listener.address}` : ''}`,
    },
    ...steps.slice(0, 60).map((step) => ({
      source:
        step.chain.table === 'kernel'
          ? 'kernel'
          : `${step.chain.table} ${step.chain.name} ${step.rule?.place ?? 'policy'}`,
      observed: stepText(step),
    })),
    ...conditions.slice(0, 20).map((condition) => ({ source: 'only if', observed: oneLine(condition, 300) })),
  ];
}

/** What a zone gets through to, one finding for each interface. */
export function networkExposures({ ruleset, network }: World, zone: Zone, exposures: readonly Exposure[]): Verdict[] {
  const byDevice = Map.groupBy(exposures, ({ device }) => device.name);
  return [...byDevice].flatMap(([device, all]): Verdict[] => {
    const reached = (protocol: 'tcp' | 'udp'): Ranges =>
      ruleset.ports.rangesOf(reachedBy(all.filter(({ packet }) => packet.protocol === protocol)));
    const [tcp, udp] = [reached('tcp'), reached('udp')];
    if (tcp.length === 0 && udp.length === 0) return [];
    const from = fromText(zone);
    const texts = `TCP: ${portsText(tcp)}. UDP: ${portsText(udp)}.`;
    const most = 2000;
    return [
      {
        ruleId: oneLine(`Aggregate network exposure from ${shortFrom(zone)} - ${device}`, 128),
        outcome: 'FINDING',
        observations: [{ source: device, observed: texts }],
        finding: {
          title: `Aggregate network exposure: On instance ${INSTANCE}, ports are reachable from ${from} through interface ${device}`,
          description: oneLine(
            `On instance ${INSTANCE}, these ports are reachable from ${from} through interface ${device}. ${texts} Ports on which nothing listens are included: a firewall should let in what is needed and no more.`,
            8000,
          ),
          recommendation: `You can edit the firewall of the instance to remove access from ${from} on ports that nothing needs.`,
          severity: severityOf('NetworkExposure', zone.routeType, undefined),
          attributes: attributesOf({
            VPC: [...new Set(all.flatMap(({ destination }) => network.networkOf(destination.value) ?? []))]
              .slice(0, 8)
              .join(', '),
            ENI: device,
            REACHABILITY_TYPE: zone.routeType,
            RULE_TYPE: 'NetworkExposure',
            TCP_PORTS: portsAttribute(tcp).slice(0, most),
            UDP_PORTS: portsAttribute(udp).slice(0, most),
          }),
        },
      },
    ];
  });
}
