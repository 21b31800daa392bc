import type { CollectionProgress } from '@assay/model/agent-protocol.ts';
import type { Store } from '../../store/store.ts';
import type { AgentIdentity } from './authenticate.ts';
import { notInRun } from './receive-evidence.ts';

/** How far agents are in what they collect for a run. It is told to this server, and gone when it stops. */
export interface RunProgress {
  readonly note: (scope: number, run: string, agent: string, progress: CollectionProgress) => void;
  /** What an agent said last; undefined where it said nothing lately. */
  readonly of: (scope: number, run: string, agent: string) => CollectionProgress | undefined;
}

/** Hosts that are remembered: those that spoke last. */
const MOST = 10_000;
/** Milliseconds for which what was said holds. */
const HOLDS = 15 * 60_000;

export function createRunProgress(now: () => number): RunProgress {
  const said = new Map<string, { readonly at: number; readonly progress: CollectionProgress }>();
  const key = (scope: number, run: string, agent: string): string => `${scope}/${run}/${agent}`;
  return {
    note: (scope, run, agent, progress) => {
      const name = key(scope, run, agent);
      said.delete(name);
      said.set(name, { at: now(), progress });
      const [eldest] = said.size > MOST ? said.keys() : [];
      if (eldest !== undefined) said.delete(eldest);
    },
    of: (scope, run, agent) => {
      const last = said.get(key(scope, run, agent));
      return last && now() - last.at < HOLDS ? last.progress : undefined;
    },
  };
}

/** Notes what an agent says of a run that it is in. Throws AgentFault. */
export const noteProgress =
  ({ store, progress }: { readonly store: Pick<Store, 'runAgents'>; readonly progress: RunProgress }) =>
  async (agent: AgentIdentity, run: string, said: CollectionProgress): Promise<void> => {
    if (!(await store.runAgents.member(agent.scope, run, agent.id))) throw notInRun(run);
    progress.note(agent.scope, run, agent.id, said);
  };
