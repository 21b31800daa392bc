import { oneLine } from '@assay/model/safe-text.ts';
import { formatAddress } from './addresses.ts';
import type { Packet } from './packet.ts';
import type { Ranges } from './ranges.ts';
import type { State, Step } from './walk.ts';

const hostPort = (family: 4 | 6, address: number | bigint, port: number): string =>
  family === 4 ? `${formatAddress(4, address)}:${port}` : `[${formatAddress(6, address)}]:${port}`;

/** `TCP from 203.0.113.9:40000 to 198.51.100.2:22 by eth0, the first packet of a connection`. */
export function packetText(
  { family, protocol, source, sourcePort, destination, incoming }: Packet,
  port: number,
): string {
  const to = destination === undefined ? '?' : hostPort(family, destination, port);
  const from = hostPort(family, source, sourcePort);
  return `${protocol.toUpperCase()} from ${from} to ${to} by ${incoming.name}, the first packet of a connection`;
}

/** The steps of a way, the first one first. */
export function stepsOf({ trail }: State): Step[] {
  const steps: Step[] = [];
  for (let at = trail; at; at = at.before) steps.push(at.value);
  return steps.reverse();
}

export const conditionsOf = ({ conditions }: State): string[] => {
  const all: string[] = [];
  for (let at = conditions; at; at = at.before) all.push(at.value);
  return [...new Set(all.reverse())];
};

/** `inet filter input handle 19: tcp dport 22 accept`. */
export function stepText({ chain, rule, did }: Step): string {
  if (chain.table === 'kernel') return did;
  if (!rule) return `${chain.table} ${chain.name}: ${did}`;
  return oneLine(`${chain.table} ${chain.name} ${rule.place}: ${rule.text}`, 400);
}

/** `22, 80-90`; the original writes `[[22 - 22], [80 - 90]]` in attributes. */
export const portsText = (ranges: Ranges, most = 40): string =>
  ranges.length === 0
    ? 'none'
    : `${ranges
        .slice(0, most)
        .map(([low, high]) => (low === high ? `${low}` : `${low}-${high}`))
        .join(', ')}${ranges.length > most ? `, and ${ranges.length - most} more ranges` : ''}`;

export const portsAttribute = (ranges: Ranges): string =>
  `[${ranges.map(([low, high]) => `[${low} - ${high}]`).join(', ')}]`;
