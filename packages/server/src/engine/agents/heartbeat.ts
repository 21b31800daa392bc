import type { HeartbeatRequest, HeartbeatResponse, HostDescription, Instruction } from '@assay/model/agent-protocol.ts';
import type { Store } from '../../store/store.ts';
import type { Agent } from '../../store/tables/agents.ts';
import type { Wakeups } from '../jobs/wakeups.ts';
import { evidenceNeededBy } from '../judging/rules-package-catalog.ts';
import { UNHEALTHY_AFTER } from '../runs/agent-health.ts';
import { type AgentIdentity, notEnrolled } from './authenticate.ts';
import { collectableBy } from './collectable-by.ts';
import { describedBy } from './enroll.ts';
import type { HeardAgents } from './heard-agents.ts';
import type { PacedStarts } from './paced-starts.ts';

/** Between heartbeats of an agent that waits for none, in seconds; and where it came when the server was busy. */
const HEARTBEAT_SECONDS = 60;
const BUSY_SECONDS = 10;

export interface HeartbeatDeps {
  readonly store: Pick<Store, 'agents' | 'runAgents' | 'rulesPackageSets' | 'scopes'>;
  /** Woken under an agent's id when there may be an instruction for it. */
  readonly wakeups: Wakeups;
  readonly heard: HeardAgents;
  readonly starts: PacedStarts;
  readonly now: () => number;
  readonly sleep: (milliseconds: number, signal: AbortSignal) => Promise<void>;
  /** From 0 up to 1. */
  readonly random: () => number;
}

/**
 * Up to this share of the time that a heartbeat may be held it is answered sooner: the heartbeats of a fleet that began in
 * one moment, as after a restart, spread.
 */
const SPREAD = 0.2;
/** Why something is waited for no more; without a reason, each abort would make an error of its own. */
const OVER = 'over';

/**
 * Notes that an agent lives and answers with what it shall collect. While there is nothing, the answer is held back for
 * up to `waitSeconds`, until an instruction comes or `gone` (the connection closed, the server stops).
 */
export const heartbeat =
  (deps: HeartbeatDeps) =>
  async (agent: AgentIdentity, request: HeartbeatRequest, gone: AbortSignal): Promise<HeartbeatResponse> => {
    await note(deps, agent, request);
    if (request.status === 'SHUTDOWN') return { instructions: [], nextHeartbeatSeconds: HEARTBEAT_SECONDS };
    const asked: AskedAgent = { ...agent, collects: request.host.collects };
    if (request.waitSeconds === 0) return answerAtOnce(deps, asked);
    const over = new AbortController();
    const end = (): void => over.abort(OVER);
    if (gone.aborted) end();
    gone.addEventListener('abort', end, { once: true });
    const held = request.waitSeconds * 1000 * (1 - SPREAD * deps.random());
    const late = deps.sleep(held, over.signal).then(end);
    try {
      const instructions = await awaitInstructions(deps, asked, over.signal);
      return { instructions, nextHeartbeatSeconds: 0 };
    } finally {
      end();
      gone.removeEventListener('abort', end);
      await late;
    }
  };

/** An agent, and the kinds of evidence that it says it collects. */
type AskedAgent = AgentIdentity & Pick<HostDescription, 'collects'>;

/** An agent that cannot wait: where the server is busy, it comes again soon. */
async function answerAtOnce({ store, starts }: HeartbeatDeps, agent: AskedAgent): Promise<HeartbeatResponse> {
  const instructions = await instructionsFor(store, agent);
  if (instructions.length > 0 && starts.busy()) return { instructions: [], nextHeartbeatSeconds: BUSY_SECONDS };
  return { instructions, nextHeartbeatSeconds: HEARTBEAT_SECONDS };
}

/** What there is, or comes, before `over` aborts, when it is the agent's turn. */
async function awaitInstructions(
  { store, wakeups, starts }: HeartbeatDeps,
  agent: AskedAgent,
  over: AbortSignal,
): Promise<Instruction[]> {
  for (;;) {
    // Waiting begins before looking: what is written in between is not missed.
    const looked = new AbortController();
    const woken = wakeups.wait(agent.id, AbortSignal.any([over, looked.signal]));
    const found = await instructionsFor(store, agent).catch((error) => {
      looked.abort(OVER);
      throw error;
    });
    if (found.length === 0) await woken;
    looked.abort(OVER);
    // A run over thousands wakes all of them: each looks again when it is its turn.
    if (over.aborted || !(await starts.turn(over))) return [];
    const instructions = await instructionsFor(store, agent);
    if (instructions.length > 0) return instructions;
  }
}

async function note(
  { store, heard, now }: HeartbeatDeps,
  { id, scope }: AgentIdentity,
  { host, status }: HeartbeatRequest,
): Promise<void> {
  const at = now();
  const agent = await store.agents.find(id);
  if (!agent) throw notEnrolled();
  const described = describedBy(host);
  const tagsChanged = JSON.stringify(described.tags) !== JSON.stringify(agent.tags);
  if (tagsChanged || changed(agent, host)) {
    await store.agents.update(scope, { ...agent, ...described, status, seenAt: at }, tagsChanged);
    return;
  }
  // What changes its health is written before it is answered.
  const known = agent.status !== 'SHUTDOWN' && status !== 'SHUTDOWN' && at - agent.seenAt < UNHEALTHY_AFTER / 2;
  if (known) heard.noteLater({ scope, agent: id, status, seenAt: at });
  else await heard.note({ scope, agent: id, status, seenAt: at });
}

function changed(agent: Agent, host: HostDescription): boolean {
  return Object.entries(describedBy(host)).some(
    ([column, value]) => column !== 'tags' && JSON.stringify(agent[column as keyof Agent]) !== JSON.stringify(value),
  );
}

async function instructionsFor(store: HeartbeatDeps['store'], agent: AskedAgent): Promise<Instruction[]> {
  const waiting = await store.runAgents.instructionsFor(agent.scope, agent.id);
  if (waiting.length === 0) return [];
  const { region } = await store.scopes.get(agent.scope);
  const sets = await store.rulesPackageSets.arnsOf(waiting.map(({ rulesPackages }) => rulesPackages));
  return waiting.map(({ run, startedAt, duration, rulesPackages }) => ({
    runId: run,
    collect: collectableBy(agent, evidenceNeededBy(region, sets.get(rulesPackages) ?? [])),
    deadline: Math.ceil((startedAt ?? 0) / 1000) + duration,
  }));
}
