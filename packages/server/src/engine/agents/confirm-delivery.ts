import type { Store } from '../../store/store.ts';
import { evidenceNeededBy } from '../judging/rules-package-catalog.ts';
import { UNHEALTHY_AFTER } from '../runs/agent-health.ts';
import { AgentFault } from './agent-fault.ts';
import type { AgentIdentity } from './authenticate.ts';
import type { GroupCommit } from './group-commit.ts';
import { notInRun } from './receive-evidence.ts';

export interface ConfirmDeliveryDeps {
  readonly store: Pick<Store, 'scopes' | 'runAgents' | 'jobs'>;
  readonly commit: GroupCommit;
  readonly now: () => number;
  /** Asks the job loop to look. */
  readonly wakeJobs: () => void;
}

/**
 * An agent says that it has sent all that a run asked for: the host counts as delivered, and with the last one the run's
 * collection is looked at again. Refused while a kind is missing. Saying it again is no fault. Throws {@link AgentFault}.
 */
export const confirmDelivery =
  ({ store, commit, now, wakeJobs }: ConfirmDeliveryDeps) =>
  async (agent: AgentIdentity, runId: string): Promise<void> => {
    const { region } = await store.scopes.get(agent.scope);
    await commit(async (tables) => {
      const host = await tables.runAgents.member(agent.scope, runId, agent.id);
      if (!host) throw notInRun(runId);
      if (host.status === 'DELIVERED') return;
      if (host.runState !== 'COLLECTING_DATA') {
        throw new AgentFault(409, 'CollectionOver', `The run ${runId} does not collect evidence any more`);
      }
      const { rulesPackages } = host;
      const arns = (await tables.rulesPackageSets.arnsOf([rulesPackages])).get(rulesPackages) ?? [];
      const arrived = new Set((await tables.evidence.list(agent.scope, runId, [agent.id])).map(({ kind }) => kind));
      const missing = evidenceNeededBy(region, arns).filter((kind) => !arrived.has(kind));
      if (missing.length > 0) {
        throw new AgentFault(409, 'EvidenceMissing', `Not all evidence has arrived: ${missing.join(', ')}`);
      }
      await tables.runAgents.setDelivered(agent.scope, runId, agent.id, now());
    });
    // After the commit, so that of two that end together the later sees both. Whoever dies here leaves it to the job,
    // which looks by itself every so often.
    const at = now();
    if (await store.runAgents.awaitsAny(agent.scope, runId, at - UNHEALTHY_AFTER)) return;
    await store.jobs.ask(agent.scope, runId, 'collect', at);
    wakeJobs();
  };
