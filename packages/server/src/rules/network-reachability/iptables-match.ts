import { type Family, parseAddress, parseNetwork } from './addresses.ts';
import { type Answer, decided, NO, negated, unsure, YES } from './answer.ts';
import { bitNames, protocolNumbers } from './bits.ts';
import type { Option } from './iptables-words.ts';
import type { Packet, Surroundings } from './packet.ts';
import { ALL_PORTS, contains, type Ranges, union, type Value } from './ranges.ts';
import { compare, namesDevice } from './reading.ts';
import type { Distinctions, Test } from './ruleset.ts';

interface Reader {
  readonly family: Family;
  readonly distinctions: Distinctions;
  readonly options: readonly Option[];
}

/** Options that take part in another's, or say nothing about packets. */
const IGNORED = new Set(['-m', '--match', '--comment', '--ctdir-unused', '--mac-unused']);

/** A match of iptables. One that is not known, or counts or asks a program, is unsure under its own words. */
export function iptablesMatch(reader: Reader, option: Option): Test | undefined {
  const { name, values } = option;
  if (IGNORED.has(name)) return undefined;
  const [value = ''] = values;
  const test = testOf(reader, name, value, values);
  if (!test) {
    const what = [option.negated ? '! ' : '', name, ...values.map((each) => ` ${each}`)].join('').slice(0, 120);
    return () => unsure(what);
  }
  if (!option.negated) return test;
  return (packet, around) => (lacks(name, packet) ? NO : negated(test(packet, around)));
}

/** A packet without what is compared matches neither the option nor its opposite. */
const lacks = (name: string, packet: Packet): boolean =>
  (name === '--tcp-flags' || name === '--syn') && packet.protocol !== 'tcp';

function testOf(reader: Reader, name: string, value: string, values: readonly string[]): Test | undefined {
  const { family, distinctions } = reader;
  switch (name) {
    case '-s':
    case '--source': {
      const ranges = told(distinctions.sources, networks(family, value));
      if (!ranges) return undefined;
      return ({ source }) => decided(contains(ranges, source));
    }
    case '-d':
    case '--destination': {
      const ranges = networks(family, value);
      return ranges && ((packet) => atDestination(packet, (destination) => decided(contains(ranges, destination))));
    }
    case '--src-range':
    case '--dst-range':
      return addressRange(reader, name === '--src-range', value);
    case '-p':
    case '--protocol':
      return value === 'all' || value === '0'
        ? () => YES
        : ({ protocol }) => decided(protocolOf(value) === protocolNumbers[protocol]);
    case '-i':
    case '--in-interface':
      return ({ incoming }) => decided(namesDevice(starred(value), incoming.name));
    case '-o':
    case '--out-interface':
      return ({ outgoing }) => decided(namesDevice(starred(value), outgoing?.name ?? ''));
    case '--dport':
    case '--destination-port':
    case '--dports':
    case '--destination-ports': {
      const ranges = told(distinctions.ports, ports(value));
      return ranges && ((packet) => compare(packet, { is: 'port' }, { ranges }));
    }
    case '--sport':
    case '--source-port':
    case '--sports':
    case '--source-ports': {
      const ranges = told(distinctions.sourcePorts, ports(value));
      if (!ranges) return undefined;
      return ({ sourcePort }) => decided(contains(ranges, sourcePort));
    }
    case '--ports': {
      const ranges = told(distinctions.ports, told(distinctions.sourcePorts, ports(value)));
      if (!ranges) return undefined;
      return (packet) => (contains(ranges, packet.sourcePort) ? YES : compare(packet, { is: 'port' }, { ranges }));
    }
    case '--syn':
      return ({ protocol }) => decided(protocol === 'tcp');
    case '--tcp-flags': {
      const [mask, wanted] = [flags(value), flags(values[1] ?? '')];
      if (mask === undefined || wanted === undefined) return undefined;
      return ({ protocol }) => decided(protocol === 'tcp' && (bitNames.tcpFlags.syn & mask) === wanted);
    }
    case '--ctstate':
    case '--state': {
      const states = value.split(',').map((each) => each.toLowerCase());
      return ({ untracked, early, moved }) =>
        decided(
          states.includes(untracked ? 'untracked' : early ? 'invalid' : 'new') || (moved && states.includes('dnat')),
        );
    }
    case '--ctstatus':
      return value === 'NONE' ? undefined : ({ early }) => decided(!early && value.split(',').includes('NONE'));
    case '--ctdir':
      return ({ untracked, early }) => decided(!untracked && !early && value === 'ORIGINAL');
    case '--ctorigdstport': {
      const ranges = told(distinctions.ports, ports(value));
      return (
        ranges &&
        ((packet) =>
          packet.untracked || packet.early ? NO : compare(packet, { is: 'port', original: true }, { ranges }))
      );
    }
    case '--ctproto':
      return ({ protocol, untracked }) => decided(!untracked && protocolOf(value) === protocolNumbers[protocol]);
    case '--dst-type':
      return (packet, around) => atDestination(packet, (destination) => typed(packet, around, destination, value));
    case '--src-type':
      return (packet, around) => typed(packet, around, packet.source, value);
    case '--mark': {
      const [wanted, mask] = markOf(value);
      if (wanted === undefined || mask === undefined) return undefined;
      return (packet) => compare(packet, { is: 'bits', ...packet.mark }, { ranges: [[wanted, wanted]] }, mask);
    }
    case '--pkt-type':
      return () => decided(value === 'unicast');
    case '--icmp-type':
    case '--icmpv6-type':
      return () => NO;
    default:
      return undefined;
  }
}

/** Keeps what the classes have to tell apart. */
function told(distinctions: Ranges[], ranges: Ranges | undefined): Ranges | undefined {
  if (ranges) distinctions.push(ranges);
  return ranges;
}

const atDestination = ({ destination }: Packet, answer: (destination: Value) => Answer): Answer =>
  destination === undefined ? unsure('where the address translation leads') : answer(destination);

function networks(family: Family, text: string): Ranges | undefined {
  const parsed = text.split(',').map(parseNetwork);
  return parsed.every((each) => each?.family === family)
    ? union(parsed.flatMap((each) => (each ? [each.range] : [])))
    : undefined;
}

function addressRange({ distinctions, family }: Reader, isSource: boolean, text: string): Test | undefined {
  const [low, high] = text.split('-').map(parseAddress);
  if (!low || !high || low.family !== family || high.family !== family || low.value > high.value) return undefined;
  const ranges: Ranges = [[low.value, high.value]];
  if (!isSource) return (packet) => atDestination(packet, (destination) => decided(contains(ranges, destination)));
  distinctions.sources.push(ranges);
  return ({ source }) => decided(contains(ranges, source));
}

const protocolOf = (text: string): number =>
  /^\d+$/.test(text) ? Number(text) : (protocolNumbers[text.toLowerCase()] ?? 0xffff);
const starred = (device: string): string => (device.endsWith('+') ? `${device.slice(0, -1)}*` : device);

/** `22`, `80:90`, `:1024`, `1024:`, or several with commas. */
export function ports(text: string): Ranges | undefined {
  const found: [number, number][] = [];
  for (const part of text.split(',')) {
    const [, low, , colon, high] = /^((\d{1,5})?)(:)?(\d{1,5})?$/.exec(part) ?? [];
    if (low === undefined || (low === '' && colon === undefined)) return undefined;
    const from = low === '' ? 0 : Number(low);
    const to = colon === undefined ? from : high === undefined ? 65_535 : Number(high);
    if (from > to || to > 65_535) return undefined;
    found.push([from, to]);
  }
  const ranges = union(found);
  return ranges.length === 1 && ranges[0]?.[0] === 0 && ranges[0][1] === 65_535 ? ALL_PORTS : ranges;
}

function flags(text: string): number | undefined {
  if (text === 'ALL') return 63;
  if (text === 'NONE') return 0;
  const bits = text
    .split(',')
    .map((each) => (bitNames.tcpFlags as Readonly<Record<string, number>>)[each.toLowerCase()]);
  return bits.some((each) => each === undefined) ? undefined : bits.reduce<number>((sum, bit) => sum | (bit ?? 0), 0);
}

function typed({ family }: Packet, around: Surroundings, address: Value, wanted: string): Answer {
  const type = around.typeOf(family, address).toUpperCase();
  return decided(wanted.split(',').includes(type));
}

/** `0x4000/0xc000`; without a mask all of it. */
export function markOf(text: string): readonly [value: number | undefined, mask: number | undefined] {
  const [, value, mask] = /^(0x[0-9a-f]{1,8}|\d{1,10})(?:\/(0x[0-9a-f]{1,8}|\d{1,10}))?$/i.exec(text) ?? [];
  if (value === undefined) return [undefined, undefined];
  return [Number(value) >>> 0, mask === undefined ? 0xffffffff : Number(mask) >>> 0];
}
