import type { Agent } from '../../domain/agent.ts';
import type { Tables } from '../../store/store.ts';
import { type AgentIdentity, notEnrolled } from './authenticate.ts';
import { identityInUse } from './note-heartbeat.ts';

/** The host that a request is about. Throws {@link AgentFault} where another process speaks for it than the one that sent it. */
export async function requireSpeaker({ agents }: Pick<Tables, 'agents'>, identity: AgentIdentity): Promise<Agent> {
  const agent = await agents.find(identity.id);
  if (!agent) throw notEnrolled();
  if ((agent.process ?? null) !== (identity.processId ?? null)) throw identityInUse();
  return agent;
}

/** Whether a run's evidence of a host is from another machine, or another boot of it, than the one that speaks for it now. */
export const isFromElsewhere = (
  source: { readonly machine: string | null; readonly boot: string | null },
  { machine = null, boot = null }: Pick<Agent, 'machine' | 'boot'>,
): boolean => (source.machine !== null || source.boot !== null) && (source.machine !== machine || source.boot !== boot);
