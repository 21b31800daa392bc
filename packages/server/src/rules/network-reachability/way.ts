import { formatAddress } from './addresses.ts';
import { type Exposure, trace, type World } from './exposure.ts';
import { type Listener, type Sockets, takes } from './listeners.ts';
import type { Packet } from './packet.ts';
import { conditionsOf, stepsOf } from './packet-text.ts';
import type { State, Step } from './walk.ts';

/** How one packet gets in, or what stops it. */
export interface Way {
  readonly packet: Packet;
  readonly port: number;
  readonly state: 'open' | 'conditional' | 'closed';
  readonly steps: readonly Step[];
  /** What has to hold for the packet to get in, where that cannot be decided. */
  readonly conditions: readonly string[];
  /** What decides: the rule or policy that let it in for good, or that stops it. */
  readonly decisive: Step | undefined;
  /** Where it arrives: the packet as address translation left it. */
  readonly arrives: Packet;
  readonly forwarded: boolean;
  readonly listener: Listener | undefined;
  /** Whether the sockets are listed where it arrives. */
  readonly socketsSeen: boolean;
  /** The network namespace of the host that it is sent on to. */
  readonly namespace: string | undefined;
}

/** The way of a packet to a port: of several the one without conditions and with a listener. */
export function wayOf(world: World, packet: Packet, port: number, sockets: Sockets): Way {
  const arrived = trace(world, packet, port);
  const ways = [
    ...arrived.local.map((state) => ({ state, forwarded: false })),
    ...arrived.forwarded.map((state) => ({ state, forwarded: true })),
  ].toSorted((a, b) => conditionsOf(a.state).length - conditionsOf(b.state).length);
  const stopped = arrived.stopped.toSorted((a, b) => conditionsOf(a).length - conditionsOf(b).length);
  const [best] = ways;
  const state = !best ? 'closed' : stopped.length > 0 ? 'conditional' : 'open';
  const chosen: State | undefined = best?.state ?? stopped[0];
  const steps = chosen ? stepsOf(chosen) : [];
  const arrives = chosen?.packet ?? packet;
  const namespace =
    best?.forwarded && arrives.destination !== undefined
      ? sockets.namespaceOf(formatAddress(arrives.family, arrives.destination))
      : undefined;
  const isListed = best !== undefined && (!best.forwarded || namespace !== undefined);
  const listener = isListed ? listenerAt(arrives, port, sockets, namespace) : undefined;
  return {
    packet,
    port,
    state,
    steps,
    conditions: state === 'conditional' && chosen ? conditionsOf(chosen) : [],
    decisive: best ? admitting(steps) : steps.at(-1),
    arrives,
    forwarded: best?.forwarded ?? false,
    listener,
    socketsSeen: sockets.seen && isListed,
    namespace,
  };
}

/** The rule that lets a packet in: the last that accepts by itself, else the last policy. */
function admitting(steps: readonly Step[]): Step | undefined {
  const filtered = steps.filter(({ chain, did }) => chain.base?.nat !== true && did.startsWith('accept'));
  return filtered.findLast(({ rule }) => rule !== undefined) ?? filtered.at(-1);
}

/** The base chain in which it is decided, with its policy: what applies to all that arrives there. */
export function baseText({ steps, decisive }: Way): string {
  const upTo = decisive ? steps.slice(0, steps.indexOf(decisive) + 1) : [];
  const chain = upTo.findLast((step) => step.chain.base)?.chain;
  return chain?.base ? `${chain.table}/${chain.name}, policy ${chain.base.policy}` : 'none';
}

function listenerAt(
  packet: Packet,
  port: number,
  { listeners }: Sockets,
  namespace: string | undefined,
): Listener | undefined {
  const [first] = packet.translatedPort ?? [];
  const at = first ? Number(first[0]) : port;
  return listeners.find((listener) => takes(listener, packet, at, namespace));
}

/** The best way into a port among the exposures of a zone; undefined where every one is closed. */
export function bestWay(
  world: World,
  exposures: readonly Exposure[],
  protocol: Packet['protocol'],
  port: number,
  sockets: Sockets,
): Way | undefined {
  const { has } = world.ruleset.ports;
  const hasSocket = sockets.listeners.some((each) => each.port === port && each.protocol.toLowerCase() === protocol);
  let best: Way | undefined;
  for (const exposure of exposures) {
    if (exposure.packet.protocol !== protocol) continue;
    const isOpen = has(exposure.open, port);
    if (!isOpen && !has(exposure.conditional, port)) continue;
    // No way is better than one without conditions, and with a listener where there may be one.
    const mayListen = hasSocket || has(exposure.translated, port);
    if (best && rank(best) >= (isOpen ? 2 : 0) + (mayListen ? 1 : 0)) continue;
    const way = wayOf(world, exposure.packet, port, sockets);
    if (!best || rank(way) > rank(best)) best = way;
  }
  return best;
}

const rank = ({ state, listener }: Way): number => (state === 'open' ? 2 : 0) + (listener ? 1 : 0);
