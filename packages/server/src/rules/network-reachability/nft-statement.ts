import { parseAddress } from './addresses.ts';
import { YES } from './answer.ts';
import { isObject, listOf, objectOf, textOf } from './json.ts';
import { nftConstant, partsOf } from './nft-constant.ts';
import { bitsOf } from './nft-key.ts';
import { type NamedSets, nftMap, nftMatch } from './nft-sets.ts';
import type { Packet, Surroundings } from './packet.ts';
import { ALL_PORTS, intersect, type Ranges, type Value } from './ranges.ts';
import type { Statement, Translation, Verdict } from './ruleset.ts';

/** Statements that let every packet through to the next, and change nothing that rules look at. */
const harmless = new Set([
  'counter',
  'log',
  'flow',
  'ct helper',
  'ct timeout',
  'ct expectation',
  'secmark',
  'dup',
  'last',
  'comment',
]);
/** Statements that end a chain of address translation without changing where a packet goes to. */
const sourceTranslations = new Set(['snat', 'masquerade']);
/** What lets a packet on or not by something that is not known. */
const undecided = new Set(['limit', 'quota', 'ct count', 'meter']);

/** One expression of a rule. An expression that is not known may do anything: it is `unknown`. */
export function nftStatement(
  sets: NamedSets,
  expression: unknown,
  chainKey: (name: string) => string,
): readonly Statement[] {
  const [name = '', value] = Object.entries(objectOf(expression))[0] ?? [];
  const verdict = nftVerdict(expression, chainKey);
  if (verdict) return [{ do: 'verdict', verdict }];
  if (harmless.has(name)) return [];
  if (sourceTranslations.has(name)) return [{ do: 'verdict', verdict: { is: 'accept' } }];
  if (undecided.has(name)) return [maybe(name)];
  switch (name) {
    case 'match': {
      const { op, left, right } = objectOf(value);
      const before = sets.distinctions.sources.length;
      const test = nftMatch(sets, textOf(op) || '==', left, right);
      // A set by its name may change: its rule is asked for every packet.
      const isFixed = op === '==' && !(typeof right === 'string' && right.startsWith('@'));
      const [sources, ...more] = isFixed ? sets.distinctions.sources.slice(before) : [];
      const protocol = protocolOf(left);
      return [
        {
          do: 'match',
          test,
          only: {
            ...(sources?.length && more.length === 0 && isSource(left) && { sources }),
            ...(protocol && { protocol }),
          },
        },
      ];
    }
    case 'vmap': {
      const { key, data } = objectOf(value);
      const unknown: Verdict = { is: 'unknown', what: 'a verdict that is not known' };
      const map = nftMap(sets, key, data, (json) => nftVerdict(json, chainKey) ?? unknown);
      const choose: Extract<Statement, { do: 'choose' }>['choose'] = (packet, around) =>
        map(packet, around).map(({ answer, value: chosen }) => ({ answer, verdict: chosen }));
      return [{ do: 'choose', choose }];
    }
    case 'dnat':
      return [translation(sets, objectOf(value), false)];
    case 'redirect':
      return [translation(sets, objectOf(value), true)];
    case 'notrack':
      return [{ do: 'untrack' }];
    case 'mangle':
      return mangle(objectOf(value));
    case 'set':
    case 'map':
      // Adding to a set goes on; what is added under a condition goes on under it.
      return listOf(objectOf(value).stmt).some((each) => undecided.has(Object.keys(objectOf(each))[0] ?? ''))
        ? [maybe('the rate of what a set counts')]
        : [];
    case 'xt': {
      const { type, name: extension } = objectOf(value);
      const what = `iptables' extension ${textOf(extension) || '(unnamed)'}`;
      return type === 'match' ? [maybe(what)] : [{ do: 'verdict', verdict: { is: 'unknown', what } }];
    }
    default:
      return [{ do: 'verdict', verdict: { is: 'unknown', what: name || 'an empty expression' } }];
  }
}

const isSource = (left: unknown): boolean => textOf(objectOf(objectOf(left).payload).field) === 'saddr';

/** Other packets have no such field, and match whatever is compared neither way. */
function protocolOf(left: unknown): 'tcp' | 'udp' | undefined {
  const protocol = textOf(objectOf(objectOf(left).payload).protocol);
  return protocol === 'tcp' || protocol === 'udp' ? protocol : undefined;
}

const maybe = (what: string): Statement => ({ do: 'match', test: () => ({ ...YES, unsure: what }) });

function nftVerdict(json: unknown, chainKey: (name: string) => string): Verdict | undefined {
  const [name = '', value] = Object.entries(objectOf(json))[0] ?? [];
  switch (name) {
    case 'accept':
    case 'drop':
    case 'reject':
    case 'return':
    case 'continue':
      return { is: name };
    case 'jump':
    case 'goto':
      return { is: name, chain: chainKey(textOf(objectOf(value).target)) };
    case 'queue':
      return { is: 'unknown', what: 'a program that the packet is queued for' };
    case 'synproxy':
    case 'tproxy':
    case 'fwd':
      return { is: 'unknown', what: name };
    default:
      return undefined;
  }
}

/** Of packets only the mark counts, and what rules later compare; another field that is written makes the rest unknown. */
function mangle({ key, value }: Readonly<Record<string, unknown>>): readonly Statement[] {
  const { meta, ct, payload } = objectOf(key);
  if (isObject(meta) && meta.key === 'mark') return [{ do: 'mark', mark: markFrom(value) }];
  if (isObject(meta) || isObject(ct)) return [];
  const field = isObject(payload) ? textOf(payload.field) : '';
  if (!isObject(payload) || ['dscp', 'ecn', 'ttl', 'hoplimit', 'flowlabel'].includes(field)) return [];
  return [
    { do: 'verdict', verdict: { is: 'unknown', what: `a rule that writes ${textOf(payload.protocol)} ${field}` } },
  ];
}

type Mark = { readonly value: number; readonly known: number };

function markFrom(value: unknown): (mark: Mark) => Mark {
  if (typeof value === 'number') return () => ({ value: value >>> 0, known: 0xffffffff });
  const [operator = '', operands] = Object.entries(objectOf(value))[0] ?? [];
  const [left, right] = listOf(operands);
  const isMark = objectOf(objectOf(left).meta).key === 'mark';
  const bits = bitsOf('number', right);
  const inner = isMark ? (mark: Mark) => mark : isObject(left) && !('ct' in left) ? markFrom(left) : undefined;
  if (bits === undefined || !inner) return () => ({ value: 0, known: 0 });
  return (before) => {
    const mark = inner(before);
    if (operator === '|') return { value: (mark.value | bits) >>> 0, known: (mark.known | bits) >>> 0 };
    if (operator === '&') return { value: (mark.value & bits) >>> 0, known: (mark.known | ~bits) >>> 0 };
    if (operator === '^') return { value: ((mark.value ^ bits) & mark.known) >>> 0, known: mark.known };
    return { value: 0, known: 0 };
  };
}

function translation(
  sets: NamedSets,
  { addr, port, family }: Readonly<Record<string, unknown>>,
  redirect: boolean,
): Statement {
  const only = family === 'ip' ? 4 : family === 'ip6' ? 6 : undefined;
  const addresses = choices(sets, redirect ? undefined : addr);
  const ports = choices(sets, port);
  for (const value of [...addresses.values, ...ports.values].flatMap((each) => partsOf(each))) {
    const range = portsOf(value);
    if (range) sets.distinctions.ports.push(range);
  }
  return {
    do: 'translate',
    to: (packet, around) =>
      addresses.of(packet, around).flatMap((address) =>
        ports.of(packet, around).flatMap((chosen): (Translation & { unsure?: string })[] => {
          const both = intersect(address.ports, chosen.ports);
          if (both.length === 0) return [];
          const what = address.unsure ?? chosen.unsure;
          const [target, extra] = address.value === undefined ? [] : partsOf(address.value);
          const portRange = portsOf(chosen.value ?? extra);
          const to: Translation = {
            ports: both,
            ...(redirect
              ? { address: 'device' as const }
              : address.value === undefined
                ? {}
                : { address: addressOf(target) }),
            ...(only === undefined ? {} : { family: only }),
            ...(portRange ? { port: portRange } : {}),
          };
          return [what === undefined ? to : { ...to, unsure: what }];
        }),
      ),
  };
}

interface Choice {
  readonly ports: Ranges;
  readonly unsure?: string;
  readonly value: unknown;
}

/** A constant, or what a map gives: `values` are all that there are. */
function choices(sets: NamedSets, json: unknown) {
  const map = objectOf(json).map;
  if (!isObject(map)) return { values: [json], of: (): readonly Choice[] => [{ ports: ALL_PORTS, value: json }] };
  const values: unknown[] = [];
  const entries = nftMap(sets, map.key, map.data, (value) => {
    values.push(value);
    return value;
  });
  const of = (packet: Packet, around: Surroundings): readonly Choice[] =>
    entries(packet, around).map(({ answer, value }) => ({ ...answer, value }));
  return { values, of };
}

const addressOf = (json: unknown): Value | 'unknown' =>
  (typeof json === 'string' ? parseAddress(json)?.value : undefined) ?? 'unknown';

function portsOf(json: unknown): Ranges | undefined {
  if (json === undefined || json === null) return undefined;
  const { ranges } = nftConstant({ type: 'port', read: () => ({ is: 'absent' }) }, json);
  return ranges ?? ALL_PORTS;
}
