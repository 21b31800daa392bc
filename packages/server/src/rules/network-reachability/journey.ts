import type { Family } from './addresses.ts';
import type { Packet, Surroundings } from './packet.ts';
import { namesDevice } from './reading.ts';
import type { Chain, Hook, Ruleset } from './ruleset.ts';
import { type Ended, type State, type Step, together, type Walk, walkBase } from './walk.ts';

/** What the kernel does with packets beside its rules. */
export interface Kernel extends Surroundings {
  readonly forwards: (family: Family, device: string) => boolean | 'unsure';
  /** rp_filter of a device: 0 none, 1 strict, 2 loose. */
  readonly reversePath: (device: string) => number;
  /** Whether addresses of 127.0.0.0/8 are reached through a device. */
  readonly routesLoopback: (device: string) => boolean;
  readonly takes: (family: Family, device: string) => boolean;
}

export interface Arrived {
  /** Handed to sockets of the host. */
  readonly local: readonly State[];
  /** Sent on to another host or a container. */
  readonly forwarded: readonly State[];
  readonly stopped: readonly State[];
}

/** Takes packets from the wire through every hook, in the kernel's order. */
export function travel(walk: Walk, ruleset: Ruleset, kernel: Kernel, packet: Packet): Arrived {
  const stopped: State[] = [];
  const start: State = { packet, ports: walk.ports.all, conditions: undefined, trail: undefined };
  const at = (hook: Hook, states: readonly State[]): State[] => passHook(walk, ruleset, hook, states, stopped);
  const early = at('prerouting', at('ingress', [start]));
  const local: State[] = [];
  const onward: State[] = [];
  for (const state of early) {
    const stop = (why: string): void => void stopped.push(kernelStep(walk, state, why));
    const { destination, family, incoming } = state.packet;
    const back = sourceFault(kernel, state.packet);
    if (back !== undefined) stop(back);
    else if (destination === undefined) {
      const either = under(state, 'the address translation leads to this host');
      local.push(either);
      stopped.push(either);
    } else if (kernel.typeOf(family, destination) === 'local') {
      if (isLoopback(family, destination) && !kernel.routesLoopback(incoming.name)) {
        stop('the kernel drops packets from outside to loopback addresses');
      } else local.push(state);
    } else {
      const forwards = kernel.forwards(family, incoming.name);
      const route = kernel.routeTo(family, destination);
      if (forwards === false) stop('the kernel does not forward packets');
      else if (route === undefined) stop('no route leads to where the packet was translated to');
      else {
        const open = forwards === 'unsure' || route === 'unsure';
        const outgoing = route === 'unsure' ? undefined : route;
        const sent = { ...state, packet: { ...state.packet, ...(outgoing && { outgoing }) } };
        const maybe = open ? under(sent, 'the kernel forwards it') : sent;
        if (open) stopped.push(maybe);
        onward.push(maybe);
      }
    }
  }
  return { local: at('input', local), forwarded: at('postrouting', at('forward', onward)), stopped };
}

function passHook(walk: Walk, ruleset: Ruleset, hook: Hook, states: readonly State[], stopped: State[]): State[] {
  let current = [...states];
  for (const chain of baseChains(ruleset, hook)) {
    if (current.length === 0) return current;
    const seen = current.filter(({ packet }) => sees(chain, packet));
    if (seen.length === 0) continue;
    const passed = seen.flatMap((state) => passChain(walk, chain, state, stopped));
    current = together(walk, [...current.filter((state) => !seen.includes(state)), ...passed]);
  }
  return current;
}

/** What goes on after one base chain. */
function passChain(walk: Walk, chain: Chain, state: State, stopped: State[]): State[] {
  const ended: Ended = { accepted: [], stopped: [] };
  const isEarly = isBeforeTracking(chain);
  walkBase(walk, chain, [isEarly ? asEarly(state, true) : state], ended);
  const accepted = isEarly ? ended.accepted.map((each) => asEarly(each, false)) : ended.accepted;
  if (chain.base?.hook !== 'ingress' || chain.base.devices !== undefined) {
    stopped.push(...ended.stopped);
    return accepted;
  }
  // Where a list does not tell an ingress chain's devices, it may see these packets or not.
  const where = `the chain ${chain.table} ${chain.name}`;
  stopped.push(...ended.stopped.map((each) => under(each, `${where} is on this device`)));
  const changes = ({ packet: { mark, untracked } }: State): boolean =>
    mark.value !== state.packet.mark.value ||
    mark.known !== state.packet.mark.known ||
    untracked !== state.packet.untracked;
  return [
    ...accepted.map((each) => (changes(each) ? under(each, `${where} is on this device`) : each)),
    ...[...ended.stopped, ...accepted.filter(changes)].map((each) =>
      under({ ...each, packet: state.packet }, `${where} is not on this device`),
    ),
  ];
}

/** The kernel tracks connections in prerouting at priority -200. */
const isBeforeTracking = ({ base }: Chain): boolean =>
  base?.hook === 'ingress' || (base?.hook === 'prerouting' && !base.nat && base.priority < -200);

const asEarly = (state: State, early: boolean): State => ({ ...state, packet: { ...state.packet, early } });

const under = (state: State, condition: string): State => ({
  ...state,
  conditions: { value: condition, before: state.conditions },
});

const sorted = new WeakMap<Ruleset, Map<Hook, readonly Chain[]>>();

/** The kernel calls chains of address translation at one priority, whatever theirs is; it is only their order. */
function baseChains(ruleset: Ruleset, hook: Hook): readonly Chain[] {
  const known = sorted.get(ruleset) ?? new Map<Hook, readonly Chain[]>();
  sorted.set(ruleset, known);
  const found = known.get(hook);
  if (found) return found;
  const priority = ({ base }: Chain): number =>
    base?.nat ? (hook === 'prerouting' ? -100 : 100) + base.priority / 1e7 : (base?.priority ?? 0);
  const chains = [...ruleset.chains.values()]
    .filter(({ base }) => base?.hook === hook)
    // Of chains of one priority the kernel calls the newest first; lists have the oldest first.
    .reverse()
    .toSorted((a, b) => Number(b.family === 'netdev') - Number(a.family === 'netdev') || priority(a) - priority(b));
  known.set(hook, chains);
  return chains;
}

function sees({ family, base }: Chain, packet: Packet): boolean {
  if (family === 'ip' && packet.family !== 4) return false;
  if (family === 'ip6' && packet.family !== 6) return false;
  // Once a translation is set up, or for what is not tracked, the kernel asks no further chain of it.
  if (base?.nat && base.hook === 'prerouting' && (packet.translated || packet.untracked)) return false;
  if (base?.nat && packet.untracked) return false;
  if (base?.hook !== 'ingress' || base.devices === undefined) return true;
  return base.devices.some((device) => namesDevice(device, packet.incoming.name));
}

const isLoopback = (family: Family, address: number | bigint): boolean =>
  family === 4 ? Math.floor(Number(address) / 2 ** 24) === 127 : BigInt(address) === 1n;

/** Why the kernel drops a packet for where it says that it comes from. */
function sourceFault(kernel: Kernel, { family, source, incoming }: Packet): string | undefined {
  if (family !== 4) return undefined;
  const mode = kernel.reversePath(incoming.name);
  if (mode === 0) return undefined;
  const route = kernel.routeTo(family, source);
  if (route === 'unsure') return undefined;
  if (route === undefined) return 'rp_filter: no route leads back to the source';
  return mode === 1 && route.name !== incoming.name
    ? `rp_filter: the route back to the source is by ${route.name}`
    : undefined;
}

function kernelStep(walk: Walk, state: State, did: string): State {
  if (!walk.trace) return state;
  const chain = { key: 'kernel', table: 'kernel', name: 'kernel', family: 'inet', insert: '', rules: [] };
  const step: Step = { chain, did };
  return { ...state, trail: { value: step, before: state.trail } };
}
