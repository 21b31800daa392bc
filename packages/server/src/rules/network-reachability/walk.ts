import { type Answer, NO } from './answer.ts';
import { type Budget, bounds, spend } from './bounds.ts';
import type { Packet, Surroundings } from './packet.ts';
import { intersectPorts, isEmpty, type PortClasses, type PortSet, subtractPorts, unionPorts } from './port-classes.ts';
import type { Ranges } from './ranges.ts';
import { rulesFor } from './rules-for.ts';
import type { Chain, FirewallRule, Statement, Verdict } from './ruleset.ts';

/** A list whose lists share their beginnings; the newest first. */
export interface Linked<Value> {
  readonly value: Value;
  readonly before: Linked<Value> | undefined;
}

export interface Step {
  readonly chain: Chain;
  /** Absent: the chain's policy. */
  readonly rule?: FirewallRule;
  readonly did: string;
}

/** Packets that took the same way so far: to the same ports, under the same conditions. */
export interface State {
  readonly packet: Packet;
  readonly ports: PortSet;
  /** What had to hold for them to come this way, and cannot be decided. */
  readonly conditions: Linked<string> | undefined;
  readonly trail: Linked<Step> | undefined;
}

export interface Walk {
  readonly chains: ReadonlyMap<string, Chain>;
  readonly around: Surroundings;
  readonly ports: PortClasses;
  readonly budget: Budget;
  /** Keep each way with its steps; otherwise ways that come to the same are put together. */
  readonly trace: boolean;
}

export interface Ended {
  readonly accepted: State[];
  readonly stopped: State[];
}

/** Takes packets through a base chain: its policy is for those that no rule decides on. */
export function walkBase(walk: Walk, chain: Chain, states: readonly State[], into: Ended): void {
  const ended: Ended = { accepted: [], stopped: into.stopped };
  const rest = walkChain(walk, chain, states, ended, 0);
  const policy = chain.base?.policy ?? 'accept';
  for (const state of rest) {
    const step: Step = { chain, did: policy === 'drop' ? 'drop (policy)' : 'accept (policy)' };
    (policy === 'drop' ? ended.stopped : ended.accepted).push(walk.trace ? traced(state, step) : state);
  }
  into.accepted.push(...together(walk, ended.accepted));
}

/** The packets that leave a chain at its end, by `return`, or by the end of what it went to. */
function walkChain(walk: Walk, chain: Chain, states: readonly State[], ended: Ended, depth: number): State[] {
  // The kernel refuses deeper jumps and cycles: a list with one is not its own.
  if (depth > bounds.jumps) {
    const what = `more than ${bounds.jumps} jumps, or a cycle of them, at chain ${chain.name}`;
    for (const state of states) {
      ended.accepted.push(conditional(state, what));
      ended.stopped.push(conditional(state, what));
    }
    return [];
  }
  let current = [...states];
  const returned: State[] = [];
  const [first] = states;
  // Rules change no source and no protocol: those that compare another cannot match.
  for (const rule of first ? rulesFor(walk.budget, chain, first.packet) : []) {
    if (current.length === 0) break;
    spend(walk.budget, current.length);
    const next: State[] = [];
    const place: Place = { walk, chain, rule, ended, returned, next, depth };
    for (const state of current) applyRule(place, state, 0);
    current = next.length > 1 ? together(walk, next) : next;
  }
  return together(walk, [...current, ...returned]);
}

interface Place {
  readonly walk: Walk;
  readonly chain: Chain;
  readonly rule: FirewallRule;
  readonly ended: Ended;
  readonly returned: State[];
  /** Those that go on with the next rule. */
  readonly next: State[];
  readonly depth: number;
}

/** What a rule does with packets from its statement number `from` on. */
function applyRule(place: Place, given: State, from: number): void {
  const { walk, rule, next } = place;
  let state = given;
  for (let at = from; at < rule.statements.length; at++) {
    const statement = rule.statements[at] as Statement;
    switch (statement.do) {
      case 'match': {
        const { matched, rest } = split(place, state, statement.test(state.packet, walk.around));
        if (rest) next.push(rest);
        if (!matched) return;
        state = matched;
        break;
      }
      case 'verdict':
        applyVerdict(place, statement.verdict, state, at + 1);
        return;
      case 'choose': {
        let left: State | undefined = state;
        for (const { answer, verdict } of statement.choose(state.packet, walk.around)) {
          if (!left) break;
          const { matched, rest } = split(place, left, answer);
          if (matched) applyVerdict(place, verdict, matched, at + 1);
          left = rest;
        }
        if (left) next.push(left);
        return;
      }
      case 'translate':
        translate(place, statement, state);
        return;
      case 'mark':
        state = { ...state, packet: { ...state.packet, mark: statement.mark(state.packet.mark) } };
        break;
      case 'untrack':
        state = { ...state, packet: { ...state.packet, untracked: true } };
    }
  }
  next.push(state);
}

/** Those that match, and those that do not; where that is unsure, the same ports are on both sides under conditions. */
function split(
  { walk, chain, rule }: Place,
  state: State,
  { ports, unsure }: Answer,
): { matched: State | undefined; rest: State | undefined } {
  const set = walk.ports.of(ports);
  const common = intersectPorts(state.ports, set);
  if (isEmpty(common)) return { matched: undefined, rest: state };
  if (unsure === undefined) {
    const rest = subtractPorts(state.ports, set);
    return isEmpty(rest)
      ? { matched: state, rest: undefined }
      : { matched: { ...state, ports: common }, rest: { ...state, ports: rest } };
  }
  const where = `${chain.table} ${chain.name} ${rule.place}`;
  return {
    matched: conditional({ ...state, ports: common }, `${unsure} (${where}) holds`),
    rest: conditional(state, `${unsure} (${where}) does not hold`),
  };
}

const conditional = (state: State, what: string): State => ({
  ...state,
  conditions: { value: what, before: state.conditions },
});

const traced = (state: State, step: Step): State => ({ ...state, trail: { value: step, before: state.trail } });

/** `onward`: the number of the statement that `continue` goes on with. */
function applyVerdict(place: Place, verdict: Verdict, given: State, onward: number): void {
  const { walk, chain, rule, ended, returned, next, depth } = place;
  const did =
    verdict.is === 'jump' || verdict.is === 'goto' ? `${verdict.is} ${nameOf(walk, verdict.chain)}` : verdict.is;
  const state = walk.trace && verdict.is !== 'continue' ? traced(given, { chain, rule, did }) : given;
  switch (verdict.is) {
    case 'accept':
      ended.accepted.push(state);
      return;
    case 'drop':
    case 'reject':
      ended.stopped.push(state);
      return;
    case 'return':
      returned.push(state);
      return;
    case 'continue':
      applyRule(place, state, onward);
      return;
    case 'jump':
    case 'goto': {
      const target = walk.chains.get(verdict.chain);
      if (!target) {
        decideEitherWay(ended, state, `the chain ${verdict.chain}, which is not listed`);
        return;
      }
      const back = walkChain(walk, target, [state], ended, depth + 1);
      (verdict.is === 'jump' ? next : returned).push(...back);
      return;
    }
    case 'unknown':
      decideEitherWay(ended, state, verdict.what);
      next.push(conditional(state, `${verdict.what} lets it go on`));
  }
}

const nameOf = (walk: Walk, key: string): string => walk.chains.get(key)?.name ?? key;

function decideEitherWay(ended: Ended, state: State, what: string): void {
  ended.accepted.push(conditional(state, `${what} accepts it`));
  ended.stopped.push(conditional(state, `${what} drops it`));
}

/** A translation decides: the chain ends there. Where none is for a packet, the rule does not match. */
function translate(place: Place, statement: Extract<Statement, { do: 'translate' }>, given: State): void {
  const { walk, chain, rule, ended, next } = place;
  let left: State | undefined = given;
  for (const to of statement.to(given.packet, walk.around)) {
    if (!left) break;
    const other = to.family !== undefined && to.family !== given.packet.family;
    const answer: Answer = other ? NO : { ports: to.ports, ...(to.unsure === undefined ? {} : { unsure: to.unsure }) };
    const { matched, rest } = split(place, left, answer);
    left = rest;
    if (!matched) continue;
    const { packet } = matched;
    const address =
      to.address === 'device'
        ? walk.around.firstAddress(packet.family, packet.incoming)
        : to.address === 'unknown'
          ? undefined
          : (to.address ?? packet.destination);
    for (const state of movedTo(walk, matched, address, to.port)) {
      ended.accepted.push(walk.trace ? traced(state, { chain, rule, did: 'translate the destination' }) : state);
    }
  }
  if (left) next.push(left);
}

/** The kernel keeps a port that a translation's range has; a translation to where the packet goes anyway moves nothing. */
function movedTo(walk: Walk, state: State, address: Packet['destination'], port: Ranges | undefined): State[] {
  const { packet, ports } = state;
  const elsewhere = address === undefined || address !== packet.destination;
  const to = (some: PortSet, change: Pick<Packet, 'moved' | 'translatedPort'>): State[] =>
    isEmpty(some)
      ? []
      : [{ ...state, ports: some, packet: { ...packet, ...change, destination: address, translated: true } }];
  if (!port) return to(ports, { moved: elsewhere });
  const kept = walk.ports.of(port);
  return [
    ...to(intersectPorts(ports, kept), { moved: elsewhere }),
    ...to(subtractPorts(ports, kept), { moved: true, translatedPort: port }),
  ];
}

/** Puts ways that come to the same together, so that forks do not multiply. */
export function together(walk: Walk, states: State[]): State[] {
  if (states.length < 2) return states;
  if (walk.trace) {
    if (states.length > bounds.forks) spend(walk.budget, Number.POSITIVE_INFINITY);
    return states;
  }
  const kept: { packet: Packet; conditions: State['conditions']; trail: State['trail']; ports: PortSet[] }[] = [];
  for (const { packet, conditions, trail, ports } of states) {
    const same = kept.find(
      (each) => samePacket(each.packet, packet) && (each.conditions === undefined) === (conditions === undefined),
    );
    if (same) same.ports.push(ports);
    else kept.push({ packet, conditions, trail, ports: [ports] });
  }
  if (kept.length > bounds.forks) spend(walk.budget, Number.POSITIVE_INFINITY);
  return kept.map(({ ports, ...state }) => ({ ...state, ports: unionPorts(ports) }));
}

function samePacket(one: Packet, other: Packet): boolean {
  if (one === other) return true;
  return (
    one.destination === other.destination &&
    one.translated === other.translated &&
    one.moved === other.moved &&
    one.untracked === other.untracked &&
    one.mark.value === other.mark.value &&
    one.mark.known === other.mark.known &&
    one.outgoing === other.outgoing &&
    JSON.stringify(one.translatedPort) === JSON.stringify(other.translatedPort)
  );
}
