import type { DeliveredRequest } from '@assay/model/agent-protocol.ts';
import type { Store } from '../../store/store.ts';
import { evidenceNeededBy } from '../judging/rules-package-catalog.ts';
import { type Ago, UNHEALTHY_AFTER } from '../runs/agent-health.ts';
import { AgentFault } from './agent-fault.ts';
import type { AgentIdentity } from './authenticate.ts';
import { collectableBy } from './collectable-by.ts';
import type { GroupCommit } from './group-commit.ts';
import { lackingDocument, whyLacking } from './lacking-evidence.ts';
import { notInRun } from './receive-evidence.ts';
import { isFromElsewhere, requireSpeaker } from './require-speaker.ts';

export interface ConfirmDeliveryDeps {
  readonly store: Pick<Store, 'scopes' | 'runAgents' | 'jobs'>;
  readonly commit: GroupCommit;
  readonly now: () => number;
  readonly ago: Ago;
  /** Asks the job loop to look. */
  readonly wakeJobs: () => void;
}

/**
 * An agent says that it has sent what it can: the host counts as delivered, and with the last one the run's collection is
 * looked at again. For each kind that the run needs and the host did not send, a document that says why is kept in its
 * place. An agent that names what it could not send (`undelivered`) is refused while another kind that it collects is
 * missing, and sends that again. Repeating the request changes nothing. Throws {@link AgentFault}.
 */
export const confirmDelivery =
  ({ store, commit, now, ago, wakeJobs }: ConfirmDeliveryDeps) =>
  async (agent: AgentIdentity, runId: string, { undelivered }: DeliveredRequest = {}): Promise<void> => {
    const { region } = await store.scopes.get(agent.scope);
    await commit(async (tables) => {
      const host = await tables.runAgents.member(agent.scope, runId, agent.id);
      if (!host) throw notInRun(runId);
      if (host.excluded) throw notInRun(runId);
      // What was judged without its word is over: the word comes too late.
      if (host.status === 'DELIVERED' && !host.partial) return;
      const described = await requireSpeaker(tables, agent);
      if (isFromElsewhere(host, described)) {
        throw new AgentFault('EvidenceMissing', 'The evidence was sent before this host was started anew');
      }
      if (host.runState !== 'COLLECTING_DATA') {
        throw new AgentFault('CollectionOver', `The run ${runId} no longer collects evidence`);
      }
      const { rulesPackages } = host;
      const arns = (await tables.rulesPackageSets.arnsOf([rulesPackages])).get(rulesPackages) ?? [];
      const arrived = new Set((await tables.evidence.list(agent.scope, runId, [agent.id])).map(({ kind }) => kind));
      const missing = evidenceNeededBy(region, arns).filter((kind) => !arrived.has(kind));
      const lost = collectableBy(described, missing).filter((kind) => !undelivered?.some((each) => each.kind === kind));
      // The first agents name nothing: they have sent all that they could, and some of them give up when refused.
      if (undelivered && lost.length > 0) {
        throw new AgentFault('EvidenceMissing', `Not all evidence has arrived: ${lost.join(', ')}`);
      }
      for (const kind of missing) {
        const { record, content } = lackingDocument(agent.id, kind, whyLacking(described, kind, undelivered), now());
        await tables.evidence.put(agent.scope, runId, record, content);
      }
      await tables.runAgents.setDelivered(agent.scope, runId, agent.id, now(), described);
    });
    // After the commit, so that of two that end together the later sees both. Whoever dies here leaves it to the job,
    // which looks by itself every so often.
    if (await store.runAgents.awaitsAny(agent.scope, runId, ago(UNHEALTHY_AFTER))) return;
    await store.jobs.ask(agent.scope, runId, 'collect', now());
    wakeJobs();
  };
