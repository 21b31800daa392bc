import type { Zone } from '../../domain/zones.ts';
import { everyAddress, type Family, noSources, parseNetwork, peerAddresses, privateAddresses } from './addresses.ts';
import { intersect, type Ranges, subtract, union } from './ranges.ts';
import { namesDevice } from './reading.ts';
import type { HostInterface, HostNetwork } from './surroundings.ts';

const TUNNELS = ['wg*', 'tun*', 'tap*', 'ppp*', 'ipsec*', 'vti*', 'xfrm*', 'tailscale*', 'nebula*', 'zt*'];
/** Bridges and pairs that lead to containers and virtual machines of the host itself. */
const INSIDE = [
  'docker*',
  'br-*',
  'veth*',
  'cni*',
  'virbr*',
  'lxcbr*',
  'lxdbr*',
  'podman*',
  'flannel*',
  'cali*',
  'cilium*',
  'nodelocaldns*',
  'kube-ipvs*',
  'dummy*',
];
const isOneOf = (patterns: readonly string[], name: string): boolean =>
  patterns.some((pattern) => namesDevice(pattern, name));

/** Where packets of a zone may arrive on this host. */
export function interfacesOf(zone: Zone, network: HostNetwork): readonly HostInterface[] {
  const up = network.interfaces.filter((each) => each.up && !each.loopback && each.addresses.length > 0);
  const { interfaces } = zone;
  if (interfaces) return up.filter(({ name }) => isOneOf(interfaces, name));
  switch (zone.routeType) {
    case 'Internet':
      return up.filter(({ name }) => network.defaultDevices.has(name));
    case 'VGW':
      return up.filter(({ name }) => isOneOf(TUNNELS, name));
    case 'PeeredVPC':
      return up.filter(({ name }) => !isOneOf([...TUNNELS, ...INSIDE], name));
  }
}

/** Which sources of a zone there may be, in one family. */
export function sourcesOf({ networks, routeType }: Zone, family: Family): Ranges {
  if (networks) {
    const parsed = networks.flatMap((text) => parseNetwork(text) ?? []).filter((each) => each.family === family);
    return subtract(union(parsed.map(({ range }) => range)), noSources[family]);
  }
  const possible = subtract(everyAddress[family], noSources[family]);
  if (routeType === 'VGW') return possible;
  return routeType === 'Internet'
    ? subtract(possible, privateAddresses[family])
    : intersect(possible, peerAddresses[family]);
}

/** Destinations that a zone's packets can have on an interface: the Internet's are not to private addresses. */
export function destinationsOf(zone: Zone, { addresses }: HostInterface): HostInterface['addresses'] {
  const reached = addresses.filter(({ text }) => !/^(?:fe[89ab]|127\.|169\.254\.|::1$)/i.test(text));
  if (zone.routeType !== 'Internet' || zone.networks || zone.interfaces) return reached;
  return reached.filter(
    ({ family, value }) => !privateAddresses[family].some(([low, high]) => low <= value && value <= high),
  );
}
