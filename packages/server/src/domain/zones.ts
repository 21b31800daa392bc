import { isIPv4, isIPv6 } from 'node:net';

export const routeTypes = ['Internet', 'PeeredVPC', 'VGW'] as const;

/** From where hosts are looked at: which sources, arriving where. */
export interface Zone {
  readonly name: string;
  /** The original's word for the route. */
  readonly routeType: (typeof routeTypes)[number];
  /** Sources as addresses or `10.0.0.0/8`; absent: those that the route type stands for. */
  readonly networks?: readonly string[] | undefined;
  /** Names of interfaces, a star for any rest; absent: those that the route type stands for. */
  readonly interfaces?: readonly string[] | undefined;
}

/** The zones of an account that declares none. */
export const defaultZones: readonly Zone[] = [
  { name: 'internet', routeType: 'Internet' },
  { name: 'peered VPC', routeType: 'PeeredVPC' },
  { name: 'virtual private gateway', routeType: 'VGW' },
];

/** What is wrong with zones that an operator declares; undefined where nothing is. */
export function zonesFault(zones: readonly Zone[]): string | undefined {
  const names = new Set<string>();
  for (const { name, networks = [], interfaces } of zones) {
    const key = name.toLowerCase();
    if (names.has(key)) return `two zones are called ${name}`;
    names.add(key);
    const wrong = networks.find((network) => !isNetwork(network));
    if (wrong !== undefined) return `${wrong} is not an address or a network such as 10.0.0.0/8`;
    const star = interfaces?.find((each) => each.slice(0, -1).includes('*'));
    if (star !== undefined) return `${star} has a star before its end`;
  }
  return zones.length === 0 ? 'there must be one zone at least' : undefined;
}

function isNetwork(text: string): boolean {
  const [address = '', length, ...more] = text.split('/');
  const bits = isIPv4(address) ? 32 : isIPv6(address) && !address.includes('%') ? 128 : undefined;
  if (bits === undefined || more.length > 0) return false;
  return length === undefined || (/^\d{1,3}$/.test(length) && Number(length) <= bits);
}
