import { oneLine } from '@assay/model/safe-text.ts';
import { serviceOf } from '../../domain/recognized-ports.ts';
import type { FindingDetails } from '../../domain/rules-package.ts';
import { defaultZones, type Zone } from '../../domain/zones.ts';
import { formatAddress } from './addresses.ts';
import type { Listener } from './listeners.ts';
import { routeWords } from './original-table.ts';
import { packetText, portsText, stepText } from './packet-text.ts';
import type { FindingType } from './severity-table.ts';
import type { Step } from './walk.ts';
import type { Way } from './way.ts';

/** The original's words for where traffic comes from. */
export const fromText = ({ routeType, name }: Zone): string => {
  const words = routeWords[routeType].text;
  return isDefaultName(name) ? words : `${words} (zone ${oneLine(name, 60)})`;
};
export const shortFrom = ({ routeType, name }: Zone): string =>
  isDefaultName(name)
    ? { Internet: 'internet', PeeredVPC: 'peered VPC', VGW: 'virtual private gateway' }[routeType]
    : oneLine(name, 60);

const isDefaultName = (name: string): boolean => defaultZones.some((zone) => zone.name === name);

/** The id of the finding about a port: the original's text, and the port after it. */
export const portRule = (zone: Zone, protocol: 'tcp' | 'udp', port: number): string =>
  oneLine(
    `${serviceOf(protocol, port) ? 'Recognized' : 'Unrecognized'} port reachable from ${shortFrom(zone)} - ${protocol.toUpperCase()} ${port}`,
    128,
  );

/** What listens on a reachable port, in the original's words. */
export function listening(
  type: FindingType,
  listener: Listener | undefined,
  forwarded: boolean,
  namespace?: string,
): string {
  if (type === 'RecognizedPortNoListener') return ' with no process listening on the port.';
  if (forwarded && !listener) return '. What listens where it is sent on to is not seen by the agent of this host.';
  if (!listener) return '. What listens on this host is not known.';
  const { process: owner } = listener;
  const where = namespace === undefined ? '' : ` in the network namespace ${namespace}, a container's,`;
  if (!owner)
    return ` with a process listening on the port${where && `${where} whose own rules are not read`}. Which process it is could not be seen.`;
  const binary = owner.executable === undefined ? '' : `, and uses binary ${oneLine(owner.executable, 300)}`;
  return ` with a process listening on the port${where && `${where} whose own rules are not read`}. The process has name '${oneLine(owner.name, 100)}', process id ${owner.pid}${binary}.`;
}

export const placeOf = (step: Step | undefined): string =>
  step === undefined || step.chain.table === 'kernel' ? 'no firewall rule' : `${step.chain.table}/${step.chain.name}`;

/** What a person should know of how traffic comes in, for the description. */
export function wayText(way: Way, zone: Zone): string {
  const { decisive, packet, port } = way;
  const by =
    decisive === undefined
      ? 'no firewall rule stops it'
      : decisive.rule
        ? `the rule that lets it in is ${stepText(decisive)}`
        : `no rule stops it and the policy of ${decisive.chain.table} ${decisive.chain.name} lets it in`;
  const conditions =
    way.conditions.length === 0
      ? ''
      : ` This is conditional; it holds only if: ${way.conditions.slice(0, 5).join('; ')}.`;
  return `The port is reachable from ${fromText(zone)} by interface ${packet.incoming.name}: ${by}. For example: ${packetText(packet, port)}.${translationText(way)}${conditions}`;
}

function translationText({ arrives, packet, forwarded }: Way): string {
  if (!arrives.moved) return '';
  const address =
    arrives.destination === undefined ? 'another address' : formatAddress(packet.family, arrives.destination);
  const port = arrives.translatedPort ? ` port ${portsText(arrives.translatedPort)}` : '';
  return ` Address translation leads it to ${address}${port}${forwarded ? `, by ${arrives.outgoing?.name ?? 'another interface'}` : ' on this host'}.`;
}

/** The smallest change that closes one port and nothing else. */
export function recommendation(way: Way, zone: Zone): FindingDetails['recommendation'] {
  const { packet, port, decisive, arrives } = way;
  const { protocol } = packet;
  const from = fromText(zone);
  const now = arrives.translatedPort?.[0]?.[0] ?? port;
  const device = oneLine(packet.incoming.name, 40);
  if (!decisive || decisive.chain.table === 'kernel') {
    const table = `nft add table inet filter; nft add chain inet filter input '{ type filter hook input priority 0; }'; nft add rule inet filter input iifname "${device}" ${protocol} dport ${now} drop`;
    return `No firewall rule stops this traffic. To remove access from ${from} on port ${port}, add one: ${table}. If nothing should listen there, stop the service or bind it to a loopback address.`;
  }
  const { chain, rule } = decisive;
  const isNft = (rule?.insert ?? chain.insert).startsWith('nft ');
  const match = isNft
    ? `iifname "${device}" ${protocol} dport ${now} drop`
    : `-i ${device} -p ${protocol} --dport ${now} -j DROP`;
  // A new rule must come before the one that accepts: where the policy does, anywhere.
  const change = `${rule ? rule.insert : chain.insert} ${match}`;
  const edit = rule
    ? `You can edit the rule ${stepText(decisive)} to remove access from ${from} on port ${port}`
    : `You can edit the chain ${chain.table} ${chain.name}, whose policy is accept, to remove access from ${from} on port ${port}`;
  const remove = rule ? ` If nothing else needs the rule, remove it: ${rule.remove}.` : '';
  return `${edit}. The smallest change that closes only this port: ${change}.${remove} Put the same into the configuration from which the rules are loaded.`;
}
