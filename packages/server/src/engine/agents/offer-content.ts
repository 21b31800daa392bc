import type { ContentRequest, ContentResponse } from '@assay/model/agent-protocol.ts';
import type { Store } from '../../store/store.ts';
import { contentOffer } from '../judging/content-offer.ts';
import type { ContentSource } from '../judging/content-source.ts';
import type { CatchUp } from '../judging/knowledge-source.ts';
import type { AgentIdentity } from './authenticate.ts';
import { notInRun } from './receive-evidence.ts';

export interface OfferContentDeps {
  readonly store: Pick<Store, 'runAgents' | 'runs' | 'templates'>;
  readonly content: Pick<ContentSource, 'current'>;
  /** What is older here than at other servers is offered all the same: the run that judges by it says so. */
  readonly catchUp?: CatchUp;
}

/**
 * Says to an agent which of the server's SCAP content its run is judged by on a host of this system, and which profile of
 * it the run's template asks for. Throws AgentFault where the host is in no such run.
 */
export const offerContent =
  ({ store, content, catchUp }: OfferContentDeps) =>
  async (agent: AgentIdentity, runId: string, system: ContentRequest): Promise<ContentResponse> => {
    if (!(await store.runAgents.member(agent.scope, runId, agent.id))) throw notInRun(runId);
    await catchUp?.();
    return contentOffer(content, system, () => chosen(store, agent.scope, runId));
  };

/** The run's user attributes, which are the template's of when it began, then the template's tags. */
async function chosen({ runs, templates }: OfferContentDeps['store'], scope: number, runId: string) {
  const [run] = await runs.findMany(scope, [runId]);
  const [template] = run ? await templates.findMany(scope, [run.template]) : [];
  return [...(run?.userAttributes ?? []), ...(template?.tags ?? [])];
}
