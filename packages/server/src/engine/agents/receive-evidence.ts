import { isEvidenceKind } from '@assay/model/evidence/kinds.ts';
import { evidenceSizes } from '@assay/model/evidence/sizes.ts';
import type { Store } from '../../store/store.ts';
import { AgentFault } from './agent-fault.ts';
import type { AgentIdentity } from './authenticate.ts';
import type { CheckFairly } from './check-fairly.ts';
import type { GroupCommit } from './group-commit.ts';
import { isFromElsewhere, requireSpeaker } from './require-speaker.ts';

export interface ReceiveEvidenceDeps {
  readonly store: Pick<Store, 'runAgents'>;
  readonly commit: GroupCommit;
  readonly check: CheckFairly;
  readonly now: () => number;
}

/**
 * Takes one document of evidence from the agent that a run asked for it: decompressed and nested within the protocol's
 * limits, checked against its kind's shape, then kept. Sending the same again is no fault. Throws {@link AgentFault}.
 */
export const receiveEvidence =
  ({ store, commit, check, now }: ReceiveEvidenceDeps) =>
  async (agent: AgentIdentity, run: string, kind: string, compressed: Uint8Array): Promise<void> => {
    if (!isEvidenceKind(kind)) throw new AgentFault('UnknownKind', `There is no kind of evidence "${kind}"`);
    const { packed } = evidenceSizes[kind];
    if (compressed.length > packed) {
      throw new AgentFault('TooLarge', `A document of ${kind} has at most ${packed} bytes when compressed`);
    }
    if (!(await store.runAgents.member(agent.scope, run, agent.id))) throw notInRun(run);
    const checked = await check(agent.id, kind, compressed);
    await commit(async (tables) => {
      const host = await tables.runAgents.member(agent.scope, run, agent.id);
      if (!host) throw notInRun(run);
      if (host.runState !== 'COLLECTING_DATA') {
        throw new AgentFault('CollectionOver', `The run ${run} no longer collects evidence`);
      }
      if (host.excluded) throw notInRun(run);
      if (host.status === 'DELIVERED') return;
      const speaker = await requireSpeaker(tables, agent);
      // One run's documents of a host are from one machine and one boot of it: after a reboot all are sent again.
      if (isFromElsewhere(host, speaker)) await tables.evidence.discard(agent.scope, run, agent.id);
      const { machine = null, boot = null } = speaker;
      if (host.machine !== machine || host.boot !== boot) {
        await tables.runAgents.setSource(agent.scope, run, agent.id, { machine, boot });
      }
      await tables.evidence.put(agent.scope, run, { ...checked, agent: agent.id, kind, receivedAt: now() }, compressed);
    });
  };

/** One fault for a run that does not exist and one of other hosts: an agent learns nothing of runs that are not its own. */
export const notInRun = (run: string): AgentFault =>
  new AgentFault('NotInRun', `This agent is not part of a run ${run}`);
