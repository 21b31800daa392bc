import { type Answer, decided, NO, unsure, YES } from './answer.ts';
import type { Packet } from './packet.ts';
import { ALL_PORTS, contains, intersect, NONE, type Ranges, subtract, type Value } from './ranges.ts';

/** What a field of a packet holds. */
export type Reading =
  /** The destination port: any of those that are looked at. `original`: as it was sent. */
  | { readonly is: 'port'; readonly original?: true }
  | { readonly is: 'value'; readonly value: Value }
  | { readonly is: 'text'; readonly text: string }
  | { readonly is: 'bits'; readonly value: number; readonly known: number }
  /** The packet has no such field: the rule does not match, whatever it compares. */
  | { readonly is: 'absent' }
  | { readonly is: 'unsure'; readonly what: string };

/** What a field is compared with: one or more of these. */
export interface Constant {
  readonly ranges?: Ranges;
  /** Names of devices; a star at the end stands for any rest. */
  readonly texts?: readonly string[];
  /** Cannot be read: whether it matches is not known. */
  readonly unread?: string;
}

/** Whether a field is one of a constant's values; `mask` is laid over bits before. */
export function compare(packet: Packet, reading: Reading, constant: Constant, mask?: number): Answer {
  if (reading.is === 'absent') return NO;
  if (reading.is === 'unsure') return unsure(reading.what);
  if (constant.unread !== undefined) return unsure(constant.unread);
  switch (reading.is) {
    case 'port':
      return comparePort(reading.original ? undefined : packet.translatedPort, constant.ranges ?? NONE);
    case 'value':
      return decided(contains(constant.ranges ?? NONE, reading.value));
    case 'text':
      return decided((constant.texts ?? []).some((text) => namesDevice(text, reading.text)));
    case 'bits':
      return compareBits(reading, constant.ranges ?? NONE, mask ?? 0xffffffff);
  }
}

function comparePort(translated: Ranges | undefined, wanted: Ranges): Answer {
  if (!translated) return { ports: wanted };
  if (intersect(translated, wanted).length === 0) return NO;
  return subtract(translated, wanted).length === 0 ? YES : unsure('which port the address translation chose');
}

function compareBits({ value, known }: { value: number; known: number }, wanted: Ranges, mask: number): Answer {
  const masked = (value & mask) >>> 0;
  if ((known & mask) >>> 0 === mask >>> 0) return decided(contains(wanted, masked));
  const possible = wanted.some(([low, high]) => low !== high || ((Number(low) ^ masked) & known & mask) === 0);
  return possible ? unsure('a mark that is set outside of the rules') : NO;
}

/** As a name of a device: any that there is. */
export const ANY_DEVICE = '\0any';

export const namesDevice = (pattern: string, name: string): boolean =>
  pattern === ANY_DEVICE
    ? name !== ''
    : pattern.endsWith('*')
      ? name.startsWith(pattern.slice(0, -1))
      : pattern === name;

/** The ports for which a masked port is one of `wanted`. */
export function maskedPorts(mask: number, wanted: Ranges): Ranges {
  const found: [number, number][] = [];
  for (let port = 0; port <= 65_535; port++) {
    if (!contains(wanted, port & mask)) continue;
    const last = found.at(-1);
    if (last && last[1] === port - 1) last[1] = port;
    else found.push([port, port]);
  }
  return found.length === 1 && found[0]?.[0] === 0 && found[0][1] === 65_535 ? ALL_PORTS : found;
}
