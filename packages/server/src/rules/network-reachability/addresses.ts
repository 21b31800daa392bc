import { isIPv4, isIPv6 } from 'node:net';
import type { Ranges, Value } from './ranges.ts';

export type Family = 4 | 6;
export interface Address {
  readonly family: Family;
  readonly value: Value;
}
export interface Network {
  readonly family: Family;
  readonly range: readonly [Value, Value];
}

/** An address as text; undefined for what is none. A zone (`%eth0`) is not part of it. */
export function parseAddress(text: string): Address | undefined {
  if (isIPv4(text)) return { family: 4, value: valueOf4(text) };
  const [bare = ''] = text.split('%');
  return isIPv6(bare) ? { family: 6, value: valueOf6(bare) } : undefined;
}

const valueOf4 = (text: string): number => text.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);

function valueOf6(text: string): bigint {
  const mapped = /^(.*:)(\d+\.\d+\.\d+\.\d+)$/.exec(text);
  const four = mapped ? valueOf4(mapped[2] ?? '') : 0;
  const hex = mapped ? `${mapped[1]}${(four >>> 16).toString(16)}:${(four & 0xffff).toString(16)}` : text;
  const [head = '', tail] = hex.split('::');
  const groups = (part: string): string[] => (part === '' ? [] : part.split(':'));
  const [first, last] = [groups(head), groups(tail ?? '')];
  const zeros = tail === undefined ? 0 : 8 - first.length - last.length;
  const all = [...first, ...Array.from({ length: zeros }, () => '0'), ...last];
  return all.reduce((sum, group) => (sum << 16n) + BigInt(Number.parseInt(group, 16)), 0n);
}

/** `10.0.0.0/8`, `10.0.0.0/255.0.0.0`, or one address. Bits of the host are taken off, as the kernel does. */
export function parseNetwork(text: string): Network | undefined {
  const [base = '', suffix, ...more] = text.split('/');
  const address = parseAddress(base);
  if (!address || more.length > 0) return undefined;
  const bits = address.family === 4 ? 32 : 128;
  const length = suffix === undefined ? bits : prefixLength(suffix, address.family);
  return length === undefined || length > bits
    ? undefined
    : { family: address.family, range: prefixRange(address, length) };
}

function prefixLength(suffix: string, family: Family): number | undefined {
  if (/^\d{1,3}$/.test(suffix)) return Number(suffix);
  const mask = parseAddress(suffix);
  if (mask?.family !== family) return undefined;
  const bits = mask.value.toString(2).padStart(family === 4 ? 32 : 128, '0');
  return /^1*0*$/.test(bits) ? bits.replaceAll('0', '').length : undefined;
}

export function prefixRange({ family, value }: Address, length: number): readonly [Value, Value] {
  if (family === 4) {
    const size = 2 ** (32 - length);
    const low = Math.floor(Number(value) / size) * size;
    return [low, low + size - 1];
  }
  const size = 1n << BigInt(128 - length);
  const low = (BigInt(value) / size) * size;
  return [low, low + size - 1n];
}

export function formatAddress(family: Family, value: Value): string {
  if (family === 4) return [24, 16, 8, 0].map((shift) => (Number(value) >>> shift) & 255).join('.');
  const groups = Array.from({ length: 8 }, (_, at) => Number((BigInt(value) >> BigInt(112 - at * 16)) & 0xffffn));
  // RFC 5952: the longest run of two zeros or more, the first of equals.
  let [best, length] = [-1, 1];
  for (let at = 0; at < 8; at++) {
    let run = 0;
    while (groups[at + run] === 0) run++;
    if (run > length) [best, length] = [at, run];
  }
  const text = (part: number[]): string => part.map((group) => group.toString(16)).join(':');
  return best < 0 ? text(groups) : `${text(groups.slice(0, best))}::${text(groups.slice(best + length))}`;
}

/** Of networks that are written here, and so are some: Node's check of IPv6 addresses takes ten milliseconds to make. */
const ranges = (...networks: string[]): Ranges =>
  networks.map((network) => {
    const [base = '', length = ''] = network.split('/');
    const address: Address = base.includes(':')
      ? { family: 6, value: valueOf6(base) }
      : { family: 4, value: valueOf4(base) };
    return prefixRange(address, Number(length));
  });

/** Everything; what can be no source on a wire: loopback, multicast, unspecified; and what is not routed in the Internet. */
export const everyAddress = { 4: ranges('0.0.0.0/0'), 6: ranges('::/0') } as const;
export const noSources = {
  4: ranges('0.0.0.0/8', '127.0.0.0/8', '224.0.0.0/3'),
  6: ranges('::/127', 'ff00::/8'),
} as const;
export const privateAddresses = {
  4: ranges('10.0.0.0/8', '100.64.0.0/10', '169.254.0.0/16', '172.16.0.0/12', '192.168.0.0/16'),
  6: ranges('fc00::/7', 'fe80::/10'),
} as const;
/** What a peer's network can have: private, without link-local addresses. */
export const peerAddresses = {
  4: ranges('10.0.0.0/8', '100.64.0.0/10', '172.16.0.0/12', '192.168.0.0/16'),
  6: ranges('fc00::/7'),
} as const;
