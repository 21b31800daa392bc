import { BlockList, isIPv4 } from 'node:net';

/** Networks of one's own. */
const privateNetworks = listOf(
  ['10.0.0.0/8', '100.64.0.0/10', '127.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16'],
  ['::1/128', 'fc00::/7'],
);
/** What no receiver has: link-local addresses, at which clouds hand out credentials, and those that name nobody. */
const never = listOf(
  [
    ...['0.0.0.0/8', '169.254.0.0/16', '192.0.0.0/24', '192.0.2.0/24', '198.18.0.0/15', '198.51.100.0/24'],
    ...['192.88.99.0/24', '203.0.113.0/24', '224.0.0.0/4', '240.0.0.0/4'],
    // At which Azure and Alibaba Cloud tell machines about themselves.
    ...['168.63.129.16/32', '100.100.100.200/32'],
  ],
  // Tunnels into IPv4, documentation, and the addresses at which AWS and Google tell machines about themselves.
  ['2001::/23', '2001:db8::/32', '2002::/16', '3fff::/20', 'fd00:ec2::/32', 'fd20:ce::/32'],
);
const globalUnicast = listOf([], ['2000::/3']);

function listOf(ipv4: readonly string[], ipv6: readonly string[]): BlockList {
  const list = new BlockList();
  for (const [networks, family] of [
    [ipv4, 'ipv4'],
    [ipv6, 'ipv6'],
  ] as const) {
    for (const network of networks) {
      const [address = '', bits] = network.split('/');
      list.addSubnet(address, Number(bits), family);
    }
  }
  return list;
}

/** Whether events may be sent to an IP address. IPv4 within IPv6 is what it is by itself. */
export function isAllowedAddress(address: string, allowPrivate: boolean): boolean {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  if (mapped !== undefined) return isAllowedAddress(mapped, allowPrivate);
  const family = isIPv4(address) ? 'ipv4' : 'ipv6';
  if (never.check(address, family)) return false;
  if (privateNetworks.check(address, family)) return allowPrivate;
  return family === 'ipv4' || globalUnicast.check(address, family);
}
