import { parseAddress, prefixRange } from './addresses.ts';
import { protocolNumbers } from './bits.ts';
import { isObject, listOf, objectOf } from './json.ts';
import { bitsOf, fibTypes, type KeyType, type NftKey } from './nft-key.ts';
import { union, type Value } from './ranges.ts';
import { ANY_DEVICE, type Constant, maskedPorts } from './reading.ts';

const UNREAD: Constant = { unread: 'a value that is not known' };
const exactly = (value: Value): Constant => ({ ranges: [[value, value]] });

/** A constant, or a set of them, as they are compared with a field. */
export function nftConstant(key: NftKey, json: unknown): Constant {
  const elements = Array.isArray(json) ? json : isObject(json) && Array.isArray(json.set) ? json.set : [json];
  const constant = together(elements.map((element) => oneConstant(key.type, element)));
  if (key.type !== 'port' || key.mask === undefined || !constant.ranges) return constant;
  return { ...constant, ranges: maskedPorts(key.mask, constant.ranges) };
}

function together(constants: readonly Constant[]): Constant {
  const [first] = constants;
  if (constants.length === 1 && first) return first;
  const unread = constants.find((each) => each.unread !== undefined);
  if (unread) return unread;
  return {
    ranges: union(constants.flatMap(({ ranges = [] }) => ranges)),
    texts: constants.flatMap(({ texts = [] }) => texts),
  };
}

/** One element; those of sets may have a timeout or a comment around them. */
function oneConstant(type: KeyType, element: unknown): Constant {
  if (isObject(element)) {
    const { elem, range, prefix } = element;
    if (isObject(elem)) return oneConstant(type, elem.val);
    if (Array.isArray(range)) {
      const [low, high] = range.map((end) => oneConstant(type, end).ranges?.[0]);
      return low && high && low[0] <= high[1] ? { ranges: [[low[0], high[1]]] } : UNREAD;
    }
    if (isObject(prefix)) return prefixConstant(prefix);
    const bits = bitsOf(type, element);
    return bits === undefined ? UNREAD : exactly(bits);
  }
  if (element === '*') return everything(type);
  return type === 'device' ? deviceConstant(element) : scalar(type, element);
}

function prefixConstant({ addr, len }: Readonly<Record<string, unknown>>): Constant {
  const address = parseAddress(String(addr));
  const bits = address?.family === 4 ? 32 : 128;
  if (!address || typeof len !== 'number' || !Number.isInteger(len) || len < 0 || len > bits) return UNREAD;
  return { ranges: [prefixRange(address, len)] };
}

/** `true` and `false` are for `fib`: a device, or none. */
function deviceConstant(element: unknown): Constant {
  if (typeof element === 'boolean') return { texts: [element ? ANY_DEVICE : ''] };
  return typeof element === 'string' ? { texts: [element] } : UNREAD;
}

const everything = (type: KeyType): Constant =>
  type === 'device'
    ? { texts: ['*'] }
    : type === 'source' || type === 'address'
      ? UNREAD
      : { ranges: [[0, 0xffffffff]] };

const names: Partial<Readonly<Record<KeyType, Readonly<Record<string, number>>>>> = {
  protocol: protocolNumbers,
  nfproto: { ipv4: 4, ipv6: 6, inet: 0 },
  etherType: { ip: 4, ip6: 6, arp: 0, vlan: 0, '8021q': 0, '8021ad': 0 },
  fibType: fibTypes,
  packetType: { host: 0, unicast: 0, broadcast: 1, multicast: 2, other: 3 },
  number: { original: 0, reply: 1, default: 0 },
  port: services(),
  sourcePort: services(),
};

/** Only numbers are printed by `nft -j`; names come from lists that people wrote. */
function services(): Readonly<Record<string, number>> {
  return { ssh: 22, domain: 53, http: 80, https: 443 };
}

function scalar(type: KeyType, element: unknown): Constant {
  if (typeof element === 'number') {
    return Number.isInteger(element) && element >= 0 ? exactly(element) : UNREAD;
  }
  if (type === 'tcpFlags' || type === 'ctState' || type === 'ctStatus') {
    const bits = bitsOf(type, element);
    return bits === undefined ? UNREAD : exactly(bits);
  }
  if (typeof element !== 'string') return UNREAD;
  const known = names[type] ?? {};
  if (Object.hasOwn(known, element)) return exactly(known[element] as number);
  // A name of a protocol or type that is not looked at is none of these packets'.
  if (type === 'protocol' || type === 'fibType') return { ranges: [[0xffff, 0xffff]] };
  const address = type === 'source' || type === 'address' ? parseAddress(element) : undefined;
  return address ? exactly(address.value) : UNREAD;
}

/** The parts of a concatenation, or the one value that is none. */
export function partsOf(json: unknown): readonly unknown[] {
  const { concat, elem } = objectOf(json);
  if (isObject(elem)) return partsOf(elem.val);
  return Array.isArray(concat) ? listOf(concat) : [json];
}
