import type { HeartbeatRequest, HeartbeatResponse, HostDescription, Instruction } from '@assay/model/agent-protocol.ts';
import type { Agent } from '../../store/agents.ts';
import type { Store } from '../../store/store.ts';
import { evidenceNeededBy } from '../rules-package-catalog.ts';
import type { Wakeups } from '../wakeups.ts';
import { describedBy } from './enroll.ts';

/** Between heartbeats of an agent that waits for none, in seconds. */
const HEARTBEAT_SECONDS = 60;
/** How often a held heartbeat looks for an instruction that another server may have written, in milliseconds. */
const LOOK_EVERY = 2000;

export interface HeartbeatDeps {
  readonly store: Pick<Store, 'agents' | 'runAgents' | 'rulesPackageSets' | 'scopes'>;
  readonly wakeups: Wakeups;
  readonly now: () => number;
  readonly sleep: (milliseconds: number, signal: AbortSignal) => Promise<void>;
}

export type KnownAgent = Agent & { readonly scope: number };

/**
 * Notes that an agent lives and answers with what it shall collect. While there is nothing, the answer is held back for
 * up to `waitSeconds`, until an instruction comes or `gone` (the connection closed, the server stops).
 */
export const heartbeat =
  (deps: HeartbeatDeps) =>
  async (agent: KnownAgent, request: HeartbeatRequest, gone: AbortSignal): Promise<HeartbeatResponse> => {
    const { store, now } = deps;
    await note(store, agent, request, now());
    const until = now() + request.waitSeconds * 1000;
    for (;;) {
      const instructions = request.status === 'SHUTDOWN' ? [] : await instructionsFor(store, agent);
      const left = until - now();
      if (instructions.length > 0 || left <= 0 || gone.aborted || request.status === 'SHUTDOWN') {
        return { instructions, nextHeartbeatSeconds: request.waitSeconds > 0 ? 0 : HEARTBEAT_SECONDS };
      }
      const over = new AbortController();
      const signal = AbortSignal.any([gone, over.signal]);
      await Promise.race([deps.sleep(Math.min(left, LOOK_EVERY), signal), deps.wakeups.wait(agent.id, signal)]);
      over.abort();
    }
  };

async function note(
  store: HeartbeatDeps['store'],
  agent: KnownAgent,
  { host, status }: HeartbeatRequest,
  now: number,
): Promise<void> {
  const described = describedBy(host);
  const tagsChanged = JSON.stringify(described.tags) !== JSON.stringify(agent.tags);
  if (tagsChanged || changed(agent, host)) {
    await store.agents.update(agent.scope, { ...agent, ...described, status, seenAt: now }, tagsChanged);
  } else {
    await store.agents.touch(agent.scope, agent.id, status, now);
  }
}

function changed(agent: Agent, host: HostDescription): boolean {
  return Object.entries(describedBy(host)).some(
    ([column, value]) => column !== 'tags' && agent[column as keyof Agent] !== value,
  );
}

async function instructionsFor(store: HeartbeatDeps['store'], agent: KnownAgent): Promise<Instruction[]> {
  const waiting = await store.runAgents.instructionsFor(agent.scope, agent.id);
  if (waiting.length === 0) return [];
  const { region } = await store.scopes.get(agent.scope);
  const sets = await store.rulesPackageSets.arnsOf(waiting.map(({ rulesPackages }) => rulesPackages));
  return waiting.map(({ run, startedAt, duration, rulesPackages }) => ({
    runId: run,
    collect: evidenceNeededBy(region, sets.get(rulesPackages) ?? []),
    deadline: Math.ceil((startedAt ?? 0) / 1000) + duration,
  }));
}
