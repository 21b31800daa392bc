import type { HostEvidence } from '@assay/model/evidence/kinds.ts';
import { type Family, formatAddress, type Network, parseAddress, parseNetwork, prefixRange } from './addresses.ts';
import type { Kernel } from './journey.ts';
import type { Device } from './packet.ts';
import type { Ranges, Value } from './ranges.ts';

export interface HostAddress {
  readonly family: Family;
  readonly value: Value;
  readonly text: string;
}

export interface HostInterface extends Device {
  readonly up: boolean;
  readonly addresses: readonly HostAddress[];
}

interface Route {
  readonly network: Network;
  readonly type: string;
  readonly device: string | undefined;
  readonly table: string;
  readonly metric: number;
  readonly length: number;
}

/** The host's network as the kernel sees it: interfaces, routes and parameters. */
export interface HostNetwork extends Kernel {
  readonly interfaces: readonly HostInterface[];
  /** The devices that default routes lead out by. */
  readonly defaultDevices: ReadonlySet<string>;
  readonly gateway: (device: string) => string | undefined;
  readonly sysctl: (name: string) => string | undefined;
  /** The network of one of the host's own addresses, such as `192.0.2.0/24`. */
  readonly networkOf: (address: Value | undefined) => string | undefined;
  /** What routes tell apart. */
  readonly borders: (family: Family) => readonly Ranges[];
}

export function hostNetwork({ interfaces, routes, sysctls }: HostEvidence): HostNetwork {
  const devices: readonly HostInterface[] = (interfaces?.data?.interfaces ?? []).map(
    ({ name, index, group, loopback, up, addresses }) => ({
      name,
      index,
      group,
      loopback,
      up,
      addresses: addresses.flatMap(({ address }) => {
        const parsed = parseAddress(address);
        return parsed ? [{ ...parsed, text: address }] : [];
      }),
    }),
  );
  const networks = new Map<Value, string>();
  for (const { address, prefixLength } of (interfaces?.data?.interfaces ?? []).flatMap((each) => each.addresses)) {
    const parsed = parseAddress(address);
    if (!parsed || prefixLength > (parsed.family === 4 ? 32 : 128)) continue;
    const [low] = prefixRange(parsed, prefixLength);
    networks.set(parsed.value, `${formatAddress(parsed.family, low)}/${prefixLength}`);
  }
  const byName = new Map(devices.map((device) => [device.name, device]));
  const listed = (routes?.data?.routes ?? []).flatMap((route): Route[] => {
    const family = route.family === 'IPv4' ? 4 : 6;
    const network = parseNetwork(
      route.destination === 'default' ? (family === 4 ? '0.0.0.0/0' : '::/0') : route.destination,
    );
    if (network?.family !== family) return [];
    const { type, device, table, metric = 0 } = route;
    const length = route.destination === 'default' ? 0 : prefixOf(route.destination, family);
    return [{ network, type, device, table, metric, length }];
  });
  const sorted = listed.toSorted((a, b) => b.length - a.length || a.metric - b.metric);
  const own = new Set(devices.flatMap(({ addresses }) => addresses.map(({ family, value }) => `${family} ${value}`)));
  const values = new Map((sysctls?.data?.sysctls ?? []).map(({ name, value }) => [name, value]));
  const within = ({ network }: Route, family: Family, address: Value): boolean =>
    network.family === family && network.range[0] <= address && address <= network.range[1];
  const lookUp = (family: Family, address: Value, tables: (table: string) => boolean): Route | undefined =>
    sorted.find((route) => tables(route.table) && within(route, family, address));
  // Rules beyond the three that every host has choose by what a packet is.
  const chosen = { 4: false, 6: false };
  for (const { family, table, selector } of routes?.data?.rules ?? []) {
    if (selector !== undefined || !['local', 'main', 'default'].includes(table))
      chosen[family === 'IPv4' ? 4 : 6] = true;
  }
  const seesRoutes = routes?.data !== undefined;
  const number = (name: string): number => Number(values.get(name) ?? 0);

  const typeOf: Kernel['typeOf'] = (family, address, on) => {
    if (on)
      return byName.get(on.name)?.addresses.some((each) => each.family === family && each.value === address)
        ? 'local'
        : 'unicast';
    if (own.has(`${family} ${address}`)) return 'local';
    const [multicastLow, multicastHigh] = prefixRange(
      family === 4 ? { family, value: 0xe0000000 } : { family, value: 0xffn << 120n },
      family === 4 ? 4 : 8,
    );
    if (address >= multicastLow && address <= multicastHigh) return 'multicast';
    const route = lookUp(family, address, (table) => table === 'local');
    if (route?.type === 'broadcast' || (family === 4 && address === 0xffffffff)) return 'broadcast';
    if (route?.type === 'local') return 'local';
    return family === 4 && Math.floor(Number(address) / 2 ** 24) === 127 ? 'local' : 'unicast';
  };
  return {
    interfaces: devices,
    defaultDevices: new Set(
      sorted.flatMap(({ length, device, type }) =>
        length === 0 && device !== undefined && type === 'unicast' ? [device] : [],
      ),
    ),
    gateway: (device) =>
      routes?.data?.routes.find((route) => route.destination === 'default' && route.device === device)?.gateway,
    sysctl: (name) => values.get(name),
    networkOf: (address) => (address === undefined ? undefined : networks.get(address)),
    borders: (family) =>
      sorted.flatMap(({ network, length }) => (network.family === family && length > 0 ? [[network.range]] : [])),
    typeOf,
    routeTo: (family, address) => {
      if (!seesRoutes || chosen[family]) return 'unsure';
      const route = lookUp(family, address, (table) => table === 'main' || table === 'default' || table === 'local');
      if (!route || !['unicast', 'local'].includes(route.type)) return undefined;
      return byName.get(route.device ?? '') ?? 'unsure';
    },
    leadsBack: (family, address, device) => {
      if (!seesRoutes) return 'unsure';
      const found = sorted.some(
        (route) => route.type === 'unicast' && route.device === device.name && within(route, family, address),
      );
      return found || (chosen[family] ? 'unsure' : false);
    },
    firstAddress: (family, device) => {
      const addresses = byName.get(device.name)?.addresses.filter((each) => each.family === family) ?? [];
      const global = addresses.find(({ text }) => !/^fe[89ab]/i.test(text));
      return (global ?? addresses[0])?.value;
    },
    forwards: (family, device) => {
      const general = family === 4 ? 'net.ipv4.ip_forward' : 'net.ipv6.conf.all.forwarding';
      const own = values.get(family === 4 ? `net.ipv4.conf.${device}.forwarding` : general);
      const value = own ?? values.get(general);
      return value === undefined ? 'unsure' : value !== '0';
    },
    reversePath: (device) => {
      const [all, own] = [number('net.ipv4.conf.all.rp_filter'), number(`net.ipv4.conf.${device}.rp_filter`)];
      return Math.max(all, own);
    },
    routesLoopback: (device) =>
      number('net.ipv4.conf.all.route_localnet') + number(`net.ipv4.conf.${device}.route_localnet`) > 0,
    takes: (family, device) => family === 4 || values.get(`net.ipv6.conf.${device}.disable_ipv6`) !== '1',
  };
}

const prefixOf = (destination: string, family: Family): number => {
  const [, length] = destination.split('/');
  return length === undefined ? (family === 4 ? 32 : 128) : Number(length);
};
