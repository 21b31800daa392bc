import type { ContentRequest, ContentResponse } from '@assay/model/agent-protocol.ts';
import {
  asksForItems,
  type BenchmarkContent,
  type BenchmarkProfile,
  choiceOf,
  choiceText,
  contentFor,
  profileFor,
  unreadableChoice,
} from '../../domain/benchmarks.ts';
import { isSlowRule } from '../../domain/slow-rules.ts';
import type { Store } from '../../store/store.ts';
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
    const snapshot = content.current();
    if (!snapshot) return { reason: 'the server has no SCAP content' };
    try {
      const found = contentFor(snapshot.value.all, system);
      const name = [system.id, system.versionId].filter(Boolean).join(' ');
      if (!found) return { reason: `the server has no SCAP content for ${name}` };
      const attributes = await chosen(store, agent.scope, runId);
      const unreadable = unreadableChoice(attributes);
      if (unreadable !== undefined) {
        const said = JSON.stringify(unreadable.slice(0, 100));
        return {
          reason: `assay:cis-profile of the template is ${said}; it takes level1-server, level2-server, level1-workstation or level2-workstation`,
        };
      }
      const choice = choiceOf(attributes);
      const profile = profileFor(found, choice);
      if (!profile) return { reason: `the SCAP content for ${name} has no profile for ${choiceText(choice)}` };
      return { content: { ...offered(found, profile), ...(asksForItems(attributes) ? { details: true } : {}) } };
    } finally {
      snapshot.release();
    }
  };

/** The run's user attributes, which are the template's of when it began, then the template's tags. */
async function chosen({ runs, templates }: OfferContentDeps['store'], scope: number, runId: string) {
  const [run] = await runs.findMany(scope, [runId]);
  const [template] = run ? await templates.findMany(scope, [run.template]) : [];
  return [...(run?.userAttributes ?? []), ...(template?.tags ?? [])];
}

const offered = ({ name, digest, size }: BenchmarkContent, { id, rules }: BenchmarkProfile) => ({
  name,
  sha256: digest,
  size,
  profile: id,
  rules: rules.length,
  slowRules: rules.filter(isSlowRule),
});
