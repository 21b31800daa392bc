import { bitNames, protocolNumbers } from './bits.ts';
import { isObject, listOf, objectOf, textOf } from './json.ts';
import type { Packet, Surroundings } from './packet.ts';
import type { Reading } from './reading.ts';

/** How constants for a field are written. */
export type KeyType =
  | 'port'
  | 'sourcePort'
  | 'source'
  | 'address'
  | 'protocol'
  | 'nfproto'
  | 'etherType'
  | 'device'
  | 'number'
  | 'fibType'
  | 'packetType'
  | keyof typeof bitNames;

/** A field that nft's expressions compare. */
export interface NftKey {
  readonly type: KeyType;
  readonly mask?: number;
  readonly read: (packet: Packet, around: Surroundings) => Reading;
}

const ABSENT: Reading = { is: 'absent' };
const value = (number: number): Reading => ({ is: 'value', value: number });
const unread = (what: string): NftKey => ({ type: 'number', read: () => ({ is: 'unsure', what }) });
const known = (bits: number): Reading => ({ is: 'bits', value: bits, known: 0xffffffff });

/** The field that an expression names. What no rule here can decide reads as unsure, with nft's own words. */
export function nftKey(expression: unknown): NftKey {
  const { payload, meta, ct, fib, ...other } = objectOf(expression);
  if (isObject(payload)) return payloadKey(textOf(payload.protocol), textOf(payload.field), payload);
  if (isObject(meta)) return metaKey(textOf(meta.key));
  if (isObject(ct)) return ctKey(textOf(ct.key), textOf(ct.dir));
  if (isObject(fib)) return fibKey(textOf(fib.result), listOf(fib.flags).map(textOf));
  const masked = listOf(other['&']);
  if (masked.length === 2) {
    const key = nftKey(masked[0]);
    const mask = bitsOf(key.type, masked[1]);
    return mask === undefined ? unread('a mask that is not known') : { ...key, mask };
  }
  return unread(Object.keys(objectOf(expression))[0] ?? 'an expression that is not known');
}

/** A constant of bits: a number, a name, or several of them together. */
export function bitsOf(type: KeyType, constant: unknown): number | undefined {
  if (typeof constant === 'number') return constant >>> 0;
  const names: Readonly<Record<string, number>> = type in bitNames ? bitNames[type as keyof typeof bitNames] : {};
  if (typeof constant === 'string') return Object.hasOwn(names, constant) ? names[constant] : undefined;
  const parts = Array.isArray(constant) ? constant : listOf(objectOf(constant)['|']);
  if (parts.length === 0) return undefined;
  let bits = 0;
  for (const part of parts.slice(0, 64)) {
    const read = Array.isArray(part) ? undefined : bitsOf(type, part);
    if (read === undefined) return undefined;
    bits |= read;
  }
  return bits >>> 0;
}

function payloadKey(protocol: string, field: string, payload: Readonly<Record<string, unknown>>): NftKey {
  if (protocol === '' && payload.base === 'th' && payload.len === 16) {
    if (payload.offset === 16) return portKey('th', 'dport');
    if (payload.offset === 0) return portKey('th', 'sport');
  }
  switch (protocol) {
    case 'ip':
    case 'ip6':
      return networkKey(protocol === 'ip' ? 4 : 6, field);
    case 'tcp':
    case 'udp':
    case 'th':
      return field === 'dport' || field === 'sport' ? portKey(protocol, field) : transportKey(protocol, field);
    case 'icmp':
    case 'icmpv6':
    case 'igmp':
    case 'sctp':
    case 'dccp':
    case 'esp':
    case 'ah':
    case 'comp':
    case 'udplite':
    case 'arp':
      return { type: 'number', read: () => ABSENT };
    default:
      return unread(`${protocol || 'raw'} ${field || 'payload'}`);
  }
}

function networkKey(family: 4 | 6, field: string): NftKey {
  const words = `${family === 4 ? 'ip' : 'ip6'} ${field}`;
  const only =
    (read: NftKey['read']): NftKey['read'] =>
    (packet, around) =>
      packet.family === family ? read(packet, around) : ABSENT;
  switch (field) {
    case 'saddr':
      return { type: 'source', read: only(({ source }) => ({ is: 'value', value: source })) };
    case 'daddr':
      return {
        type: 'address',
        read: only(({ destination }) =>
          destination === undefined
            ? { is: 'unsure', what: 'where the address translation leads' }
            : { is: 'value', value: destination },
        ),
      };
    case 'protocol':
    case 'nexthdr':
      return { type: 'protocol', read: only(({ protocol }) => value(protocolNumbers[protocol] ?? 0)) };
    case 'version':
      return { type: 'number', read: only(() => value(family)) };
    default:
      return { type: 'number', read: only(() => ({ is: 'unsure', what: words })) };
  }
}

function portKey(protocol: string, field: 'dport' | 'sport'): NftKey {
  const has = (packet: Packet): boolean => protocol === 'th' || packet.protocol === protocol;
  return field === 'dport'
    ? { type: 'port', read: (packet) => (has(packet) ? { is: 'port' } : ABSENT) }
    : { type: 'sourcePort', read: (packet) => (has(packet) ? value(packet.sourcePort) : ABSENT) };
}

function transportKey(protocol: string, field: string): NftKey {
  if (protocol === 'tcp' && field === 'flags') {
    return { type: 'tcpFlags', read: (packet) => (packet.protocol === 'tcp' ? known(bitNames.tcpFlags.syn) : ABSENT) };
  }
  const what = `${protocol} ${field}`;
  return {
    type: 'number',
    read: (packet) => (protocol === 'th' || packet.protocol === protocol ? { is: 'unsure', what } : ABSENT),
  };
}

function metaKey(key: string): NftKey {
  switch (key) {
    case 'iif':
    case 'iifname':
      return { type: 'device', read: ({ incoming }) => ({ is: 'text', text: incoming.name }) };
    case 'oif':
    case 'oifname':
      return { type: 'device', read: ({ outgoing }) => ({ is: 'text', text: outgoing?.name ?? '' }) };
    case 'iifgroup':
      return { type: 'number', read: ({ incoming }) => groupOf(incoming.group, key) };
    case 'oifgroup':
      return { type: 'number', read: ({ outgoing }) => (outgoing ? groupOf(outgoing.group, key) : value(0)) };
    case 'l4proto':
      return { type: 'protocol', read: ({ protocol }) => value(protocolNumbers[protocol] ?? 0) };
    case 'nfproto':
      return { type: 'nfproto', read: ({ family }) => value(family) };
    case 'protocol':
      return { type: 'etherType', read: ({ family }) => value(family) };
    case 'mark':
      return { type: 'number', read: ({ mark }) => ({ is: 'bits', ...mark }) };
    case 'pkttype':
      return { type: 'packetType', read: () => value(0) };
    default:
      return unread(`meta ${key}`);
  }
}

const groupOf = (group: number | undefined, key: string): Reading =>
  group === undefined ? { is: 'unsure', what: `meta ${key}` } : value(group);

function ctKey(key: string, direction: string): NftKey {
  const tracked =
    (read: NftKey['read']): NftKey['read'] =>
    (packet, around) =>
      packet.untracked || packet.early ? ABSENT : read(packet, around);
  const { ctState, ctStatus } = bitNames;
  switch (key) {
    case 'state':
      return {
        type: 'ctState',
        read: ({ untracked, early }) => known(untracked ? ctState.untracked : early ? ctState.invalid : ctState.new),
      };
    case 'status':
      return { type: 'ctStatus', read: tracked(({ moved }) => known(moved ? ctStatus.dnat : 0)) };
    case 'direction':
      return { type: 'number', read: tracked(() => value(0)) };
    case 'proto-dst':
      if (direction === 'original') return { type: 'port', read: tracked(() => ({ is: 'port', original: true })) };
      break;
    case 'proto-src':
      if (direction === 'original') {
        return { type: 'sourcePort', read: tracked(({ sourcePort }) => value(sourcePort)) };
      }
      break;
    case 'protocol':
      return { type: 'protocol', read: tracked(({ protocol }) => value(protocolNumbers[protocol] ?? 0)) };
    default:
      break;
  }
  return { type: 'number', read: tracked(() => ({ is: 'unsure', what: `ct ${direction} ${key}`.replace('  ', ' ') })) };
}

function fibKey(result: string, flags: readonly string[]): NftKey {
  const words = `fib ${flags.join(' . ')} ${result}`;
  const what: Reading = { is: 'unsure', what: words };
  const address = ({ source, destination }: Packet) => (flags.includes('saddr') ? source : destination);
  if (result === 'type') {
    return {
      type: 'fibType',
      read: (packet, around) => {
        const asked = address(packet);
        if (asked === undefined || flags.includes('oif')) return what;
        const on = flags.includes('iif') ? packet.incoming : undefined;
        return value(fibTypes[around.typeOf(packet.family, asked, on)]);
      },
    };
  }
  return {
    type: 'device',
    read: (packet, around) => {
      const asked = address(packet);
      if (asked === undefined || !flags.includes('iif')) {
        const route = asked === undefined ? 'unsure' : around.routeTo(packet.family, asked);
        return route === 'unsure' ? what : { is: 'text', text: route?.name ?? '' };
      }
      const back = around.leadsBack(packet.family, asked, packet.incoming);
      return back === 'unsure' ? what : { is: 'text', text: back ? packet.incoming.name : '' };
    },
  };
}

export const fibTypes: Readonly<Record<string, number>> & Readonly<Record<ReturnType<Surroundings['typeOf']>, number>> =
  {
    unicast: 1,
    local: 2,
    broadcast: 3,
    multicast: 5,
  };
