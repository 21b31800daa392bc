import { type Family, parseAddress } from './addresses.ts';
import { markOf, ports } from './iptables-match.ts';
import type { Option } from './iptables-words.ts';
import { ALL_PORTS } from './ranges.ts';
import type { Distinctions, Statement, Translation } from './ruleset.ts';

const verdicts: Readonly<Record<string, 'accept' | 'drop' | 'reject' | 'return'>> = {
  ACCEPT: 'accept',
  DROP: 'drop',
  REJECT: 'reject',
  RETURN: 'return',
  SNAT: 'accept',
  MASQUERADE: 'accept',
  NETMAP: 'accept',
};
/** Targets after which a packet goes on as it is. */
const HARMLESS = new Set([
  'LOG',
  'NFLOG',
  'ULOG',
  'TRACE',
  'TCPMSS',
  'TOS',
  'DSCP',
  'TTL',
  'HL',
  'CLASSIFY',
  'CHECKSUM',
  'SECMARK',
  'CONNSECMARK',
  'AUDIT',
  'RATEEST',
  'SET',
  'LED',
  'HMARK',
  'TEE',
  'IDLETIMER',
]);

/** What a rule does with packets that match. */
export function iptablesTarget(
  family: Family,
  target: string,
  isGoto: boolean,
  options: readonly Option[],
  distinctions: Distinctions,
  chainKey: (name: string) => string | undefined,
): readonly Statement[] {
  const chain = chainKey(target);
  if (chain !== undefined) return [{ do: 'verdict', verdict: { is: isGoto ? 'goto' : 'jump', chain } }];
  const is = Object.hasOwn(verdicts, target) && target !== 'NETMAP' ? verdicts[target] : undefined;
  if (is) return [{ do: 'verdict', verdict: { is } }];
  if (HARMLESS.has(target)) return [];
  const value = (...names: string[]): string | undefined => options.find(({ name }) => names.includes(name))?.values[0];
  switch (target) {
    case 'DNAT':
      return [translate(distinctions, destinationOf(family, value('--to-destination') ?? ''))];
    case 'REDIRECT': {
      const port = portsOf(value('--to-ports'));
      return [translate(distinctions, { ports: ALL_PORTS, address: 'device', ...(port && { port }) })];
    }
    case 'NOTRACK':
      return [{ do: 'untrack' }];
    case 'CT':
      return options.some(({ name }) => name === '--notrack') ? [{ do: 'untrack' }] : [];
    case 'MARK':
      return [markStatement(options)];
    case 'CONNMARK':
      // The mark of a new connection is what rules gave it; what is restored from it is not followed.
      return options.some(({ name }) => name === '--restore-mark')
        ? [{ do: 'mark', mark: () => ({ value: 0, known: 0 }) }]
        : [];
    default:
      return [{ do: 'verdict', verdict: { is: 'unknown', what: `the target ${target.slice(0, 60)}` } }];
  }
}

function translate({ ports: told }: Distinctions, to: Translation): Statement {
  if (to.port) told.push(to.port);
  return { do: 'translate', to: () => [to] };
}

/** `10.0.0.2`, `10.0.0.2:80`, `[fd00::2]:80-90`; of a range of addresses any. */
function destinationOf(family: Family, text: string): Translation {
  const [, bracketed, bare, port] =
    (family === 6
      ? /^(?:\[([^\]]*)\]|([^[\]]*?))(?::(\d[\d-]*))?(?:\/\d+)?$/
      : /^(?:\[([^\]]*)\]|([^:]*))(?::(\d[\d-]*))?(?:\/\d+)?$/
    ).exec(family === 6 && !text.startsWith('[') ? `[${text}]` : text) ?? [];
  const name = bracketed ?? bare ?? '';
  const address = parseAddress(name);
  const range = portsOf(port);
  const leads: Pick<Translation, 'address'> =
    address?.family === family ? { address: address.value } : name === '' ? {} : { address: 'unknown' };
  return { ports: ALL_PORTS, ...leads, ...(range && { port: range }) };
}

const portsOf = (text: string | undefined) =>
  text === undefined ? undefined : ports(text.split('/')[0]?.replace('-', ':') ?? '');

function markStatement(options: readonly Option[]): Statement {
  for (const { name, values } of options) {
    const [value, mask] = markOf(values[0] ?? '');
    if (value === undefined || mask === undefined) continue;
    switch (name) {
      case '--set-mark':
        return setMark(value, (mask | value) >>> 0);
      case '--set-xmark':
        // Bits of the mask are zeroed, and the value is xored in.
        return {
          do: 'mark',
          mark: (mark) => {
            const known = (mark.known | mask) >>> 0;
            return { value: (((mark.value & ~mask) ^ value) & known) >>> 0, known };
          },
        };
      case '--or-mark':
        return setMark(value, value);
      case '--and-mark':
        return setMark(0, ~value >>> 0);
      default:
        break;
    }
  }
  return { do: 'mark', mark: () => ({ value: 0, known: 0 }) };
}

/** Sets the bits of `mask` to those of `value`. */
const setMark = (value: number, mask: number): Statement => ({
  do: 'mark',
  mark: (mark) => ({ value: ((mark.value & ~mask) | (value & mask)) >>> 0, known: (mark.known | mask) >>> 0 }),
});
