import type { HeartbeatRequest, HeartbeatResponse, HostDescription, Instruction } from '@assay/model/agent-protocol.ts';
import type { Store } from '../../store/store.ts';
import { evidenceNeededBy } from '../judging/rules-package-catalog.ts';
import type { AgentIdentity } from './authenticate.ts';
import { settlesIn } from './claim-identity.ts';
import { collectableBy } from './collectable-by.ts';
import { type NoteHeartbeatDeps, noteHeartbeat } from './note-heartbeat.ts';
import type { PacedStarts } from './paced-starts.ts';

/** Between heartbeats of an agent that waits for none, in seconds; and where it came when the server was busy. */
const HEARTBEAT_SECONDS = 60;
const BUSY_SECONDS = 10;

export interface HeartbeatDeps extends NoteHeartbeatDeps {
  readonly store: Pick<Store, 'agents' | 'runAgents' | 'rulesPackageSets' | 'scopes' | 'transaction' | 'jobs'>;
  readonly starts: PacedStarts;
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
    await noteHeartbeat(deps, agent, request);
    if (request.status === 'SHUTDOWN') return { instructions: [], nextHeartbeatSeconds: HEARTBEAT_SECONDS };
    const { collects, processId } = request.host;
    const asked: AskedAgent = { ...agent, collects, processId };
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

/** An agent, the kinds of evidence that it says it collects, and the process that asks. */
type AskedAgent = Pick<AgentIdentity, 'id' | 'scope'> & Pick<HostDescription, 'collects' | 'processId'>;

/** An agent that cannot wait: where the server is busy, it comes again soon. */
async function answerAtOnce({ store, starts, now }: HeartbeatDeps, agent: AskedAgent): Promise<HeartbeatResponse> {
  const instructions = await instructionsFor(store, agent);
  if (instructions.length > 0 && starts.busy()) return { instructions: [], nextHeartbeatSeconds: BUSY_SECONDS };
  const speaker = instructions.length > 0 ? await store.agents.find(agent.id) : undefined;
  const settling = speaker ? settlesIn(speaker, now()) : 0;
  if (settling > 0) return { instructions: [], nextHeartbeatSeconds: Math.ceil(settling / 1000) };
  return { instructions, nextHeartbeatSeconds: HEARTBEAT_SECONDS };
}

/** What there is, or comes, before `over` aborts, when it is the agent's turn. */
async function awaitInstructions(
  { store, wakeups, starts, now, sleep }: HeartbeatDeps,
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
    // Another process speaks for the host now: this one is answered, so that it shows itself at once if it is alive.
    const speaker = await store.agents.find(agent.id);
    if ((speaker?.process ?? null) !== (agent.processId ?? null)) return [];
    const settling = speaker ? settlesIn(speaker, now()) : 0;
    if (settling > 0) {
      await sleep(settling, over);
      continue;
    }
    const instructions = await instructionsFor(store, agent);
    if (instructions.length > 0) return instructions;
  }
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
