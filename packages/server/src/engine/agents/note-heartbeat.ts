import type { HeartbeatRequest, HostDescription } from '@assay/model/agent-protocol.ts';
import type { Agent } from '../../domain/agent.ts';
import type { HostLife } from '../../domain/host-life.ts';
import { effectiveTags } from '../../domain/host-tags.ts';
import type { Store, Tables } from '../../store/store.ts';
import type { Wakeups } from '../jobs/wakeups.ts';
import { type Ago, healthTime, UNHEALTHY_AFTER } from '../runs/agent-health.ts';
import { excludeHost } from '../runs/exclude-host.ts';
import { AgentFault } from './agent-fault.ts';
import { type AgentIdentity, notEnrolled, refuseRemoved } from './authenticate.ts';
import { type Claim, type ClaimOutcome, judgeClaim } from './claim-identity.ts';
import { describedBy, visitEveryOf } from './enroll.ts';
import type { HeartbeatWriter } from './heartbeat-writer.ts';
import type { TellHostEvent } from './host-event.ts';

export interface NoteHeartbeatDeps {
  readonly store: Pick<Store, 'agents' | 'transaction'>;
  /** Woken under an agent's id when there may be an instruction for it. */
  readonly wakeups: Wakeups;
  readonly heard: HeartbeatWriter;
  readonly now: () => number;
  readonly ago: Ago;
  /** Asks the job loop to look. */
  readonly wakeJobs?: () => void;
  /** Takes what goes on the audit trail. */
  readonly tell?: TellHostEvent;
}

/** That a second machine asks again and again is written down this often, in milliseconds. */
const CONTEST_EVERY = 10_000;
/** A clock that differs by less is right, in milliseconds; and how much its difference may change before it is written again. */
const CLOCK_IS_RIGHT = 30_000;
const CLOCK_CHANGED = 5000;

/**
 * Writes down what a heartbeat says of its host. Throws {@link AgentFault} where it may not speak for it:
 * IdentityInUse while another machine does.
 */
export async function noteHeartbeat(
  deps: NoteHeartbeatDeps,
  identity: AgentIdentity,
  request: HeartbeatRequest,
): Promise<void> {
  const { store, heard, now, ago } = deps;
  const { id, scope } = identity;
  const { host, status } = request;
  const agent = await store.agents.find(id);
  if (!agent) throw notEnrolled();
  refuseRemoved(agent);
  const at = now();
  if (judgeClaim(agent, host, at, healthTime(ago)).outcome !== 'SAME') {
    // The goodbye of a process that another has taken over from changes nothing.
    if (status === 'SHUTDOWN') return;
    if ((await settleClaim(deps, identity, request, at)) === 'REFUSED') throw identityInUse();
  }
  const described = { ...describedBy(host), tags: effectiveTags(host.tags, agent.fixedTags) };
  const tagsChanged = !same(described.tags, agent.tags);
  const life = lifeChanges(agent, identity, host, at);
  if (Object.keys(life).length > 0) await store.agents.change(scope, id, life);
  if (life.saidTags) {
    const before = agent.saidTags ?? agent.tags;
    const tags = { before, after: life.saidTags, inForce: described.tags };
    deps.tell?.({ name: 'HostChangedItsTags', scope, agent: id, hostname: host.hostname, ...tags });
  }
  if (tagsChanged || !same(described, pick(agent, described))) {
    await store.agents.update(scope, { ...agent, ...described, status, seenAt: at }, tagsChanged);
    return;
  }
  // What changes its health is written before it is answered.
  const known = agent.status !== 'SHUTDOWN' && status !== 'SHUTDOWN' && at - agent.seenAt < UNHEALTHY_AFTER / 2;
  if (known) heard.noteLater({ scope, agent: id, status, seenAt: at });
  else await heard.note({ scope, agent: id, status, seenAt: at });
}

export type SettleClaimDeps = Pick<NoteHeartbeatDeps, 'store' | 'wakeups' | 'ago' | 'wakeJobs' | 'tell'>;

/** Settles who speaks for the host from now on. Throws {@link AgentFault} where the host is not, or no longer, enrolled. */
export async function settleClaim(
  { store, wakeups, ago, wakeJobs, tell }: SettleClaimDeps,
  { id, scope }: Pick<AgentIdentity, 'id' | 'scope'>,
  { host, status }: { readonly host: Claim; readonly status: HeartbeatRequest['status'] },
  at: number,
): Promise<ClaimOutcome> {
  const settled = await store.transaction(async (tables): Promise<{ outcome: ClaimOutcome; told: boolean }> => {
    const agent = await tables.agents.find(id);
    if (!agent) throw notEnrolled();
    refuseRemoved(agent);
    const { outcome, changes } = judgeClaim(agent, host, at, healthTime(ago));
    if (outcome === 'SAME') return { outcome, told: false };
    const told = outcome === 'REFUSED' && at - (agent.contestedAt ?? 0) < CONTEST_EVERY;
    if (!told) await writeClaim(tables, scope, agent, changes, at);
    if (outcome !== 'REFUSED') await tables.agents.touch(scope, id, status, at);
    return { outcome, told };
  });
  const { outcome, told } = settled;
  if (outcome === 'SAME') return outcome;
  if (outcome !== 'TAKEN' && !told) {
    tell?.({ name: 'HostIdentityContested', scope, agent: id, hostname: host.hostname, by: host.hostname });
    wakeJobs?.();
  }
  // Whichever process waits for an instruction here has to show that it is still there.
  if (outcome !== 'REFUSED') await wakeups.wake([id]);
  return outcome;
}

async function writeClaim(
  tables: Tables,
  scope: number,
  agent: Agent,
  changes: Partial<HostLife>,
  at: number,
): Promise<void> {
  await tables.agents.change(scope, agent.id, changes);
  if (changes.contestedAt) await excludeHost(tables, scope, agent.id, 'TWO_MACHINES', at);
}

export const identityInUse = (): AgentFault =>
  new AgentFault(
    'IdentityInUse',
    'Two machines use this identity, and the other one was there first. This machine is a copy and must enrol anew.',
  );

/** What a heartbeat changes of a host's life beside who speaks for it. */
function lifeChanges(
  agent: Agent,
  { aheadBy = 0 }: AgentIdentity,
  host: HostDescription,
  at: number,
): Partial<HostLife> {
  const { tags } = host;
  const visitEvery = visitEveryOf(host);
  const skew = Math.abs(aheadBy) < CLOCK_IS_RIGHT ? null : aheadBy;
  const before = agent.clockSkew ?? null;
  const clockChanged = (skew === null) !== (before === null) || Math.abs((skew ?? 0) - (before ?? 0)) > CLOCK_CHANGED;
  return {
    ...(same(tags, agent.saidTags ?? agent.tags) ? {} : { saidTags: tags }),
    ...(visitEvery === (agent.visitEvery ?? null) ? {} : { visitEvery }),
    ...(agent.forgottenAt == null ? {} : { forgottenAt: null }),
    ...(clockChanged ? { clockSkew: skew, clockSkewAt: skew === null ? null : at } : {}),
  };
}

const same = (one: unknown, other: unknown): boolean => JSON.stringify(one) === JSON.stringify(other);

/** The parts of an agent that a description has, in its order. */
const pick = (agent: Agent, described: object): object =>
  Object.fromEntries(Object.keys(described).map((name) => [name, agent[name as keyof Agent] ?? null]));
