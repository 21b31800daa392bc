import { AgentFault } from './agent-fault.ts';
import type { AgentIdentity } from './authenticate.ts';
import { type SettleClaimDeps, settleClaim } from './note-heartbeat.ts';
import { notInRun } from './receive-evidence.ts';

export type ReclaimDeps = SettleClaimDeps & { readonly now: () => number };

/** Something that an agent sends for a run. */
type Sending<Rest extends readonly unknown[]> = (agent: AgentIdentity, run: string, ...rest: Rest) => Promise<void>;

/**
 * Lets a process that another took over from, and that sends something for a run after that, speak for its host again:
 * both are there, and the first stays, as with a heartbeat. Its run does without the host then, which it is told.
 */
export const reclaiming =
  (deps: ReclaimDeps) =>
  <Rest extends readonly unknown[]>(send: Sending<Rest>): Sending<Rest> =>
  async (agent, run, ...rest) => {
    const arrivedAt = deps.now();
    try {
      await send(agent, run, ...rest);
    } catch (error) {
      const inUse = error instanceof AgentFault && error.code === 'IdentityInUse';
      throw inUse && (await reclaim(deps, agent, arrivedAt)) ? notInRun(run) : error;
    }
  };

async function reclaim({ now, ...deps }: ReclaimDeps, identity: AgentIdentity, arrivedAt: number): Promise<boolean> {
  const { processId } = identity;
  const agent = await deps.store.agents.find(identity.id);
  if (!agent || processId === undefined || agent.formerProcess !== processId) return false;
  // What was on its way before does not show that its process lives.
  if (agent.claimedAt == null || arrivedAt <= agent.claimedAt) return false;
  const { hostname, machine, boot, formerBoot } = agent;
  const claim = {
    ...{ hostname, processId },
    machineId: machine ?? undefined,
    bootId: formerBoot ?? boot ?? undefined,
  };
  const outcome = await settleClaim(deps, identity, { host: claim, status: 'RUNNING' }, now());
  return outcome === 'RETURNED' || outcome === 'SAME';
}
