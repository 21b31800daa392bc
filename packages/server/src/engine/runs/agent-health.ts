import { agentProtocol } from '@assay/model/agent-protocol.ts';
import type { Agent } from '../../domain/agent.ts';

/** An agent that has not been heard for this long is unhealthy: three heartbeats of a minute, in milliseconds. */
export const UNHEALTHY_AFTER = 180_000;

/** Health and its code as the API names them, with what a person should know. */
export interface AgentHealth {
  readonly health: 'HEALTHY' | 'UNHEALTHY';
  readonly code: 'IDLE' | 'RUNNING' | 'SHUTDOWN' | 'UNHEALTHY';
  readonly detail: string;
}

/** Tells how long ago something was, whatever became of the clock since: its reading so many milliseconds ago. */
export type Ago = (milliseconds: number) => number;

/**
 * Now, as health goes by it: a clock that was set forward, or a server that slept, does not make agents silent that had no
 * time to be heard since.
 */
export const healthTime = (ago: Ago): number => ago(UNHEALTHY_AFTER) + UNHEALTHY_AFTER;

/** What is known of an agent's health. */
export type HeardAgent = Pick<Agent, 'status' | 'seenAt'> &
  Partial<Pick<Agent, 'contestedAt' | 'contestedBy' | 'clockSkew' | 'clockSkewAt' | 'removedAt' | 'visitEvery'>>;

export function agentHealth(agent: HeardAgent, now: number): AgentHealth {
  const silent = Math.max(0, Math.round((now - agent.seenAt) / 1000));
  if (agent.removedAt != null) {
    return { health: 'UNHEALTHY', code: 'SHUTDOWN', detail: `the host was removed on ${dayOf(agent.removedAt)}` };
  }
  if (isContested(agent, now)) {
    const other = agent.contestedBy ? `, the other as ${agent.contestedBy}` : '';
    const detail = `two machines use this identity${other}; the copy must enrol anew`;
    return { health: 'UNHEALTHY', code: 'UNHEALTHY', detail };
  }
  const clock = clockDetail(agent, now);
  if (agent.status === 'SHUTDOWN') {
    return { health: 'UNHEALTHY', code: 'SHUTDOWN', detail: `the agent was shut down ${silent} seconds ago` };
  }
  if (clock?.refused) return { health: 'UNHEALTHY', code: 'UNHEALTHY', detail: clock.text };
  const more = clock ? `; ${clock.text}` : '';
  if (now - agent.seenAt > healthyFor(agent)) {
    return {
      health: 'UNHEALTHY',
      code: 'UNHEALTHY',
      detail: `the agent has not been heard for ${silent} seconds${comes(agent)}${more}`,
    };
  }
  return { health: 'HEALTHY', code: agent.status, detail: `last heard ${silent} seconds ago${comes(agent)}${more}` };
}

const healthyFor = ({ visitEvery }: Pick<HeardAgent, 'visitEvery'>): number => UNHEALTHY_AFTER + (visitEvery ?? 0);

const comes = ({ visitEvery }: HeardAgent): string =>
  visitEvery == null ? '' : `; it comes every ${visitEvery / 1000} seconds`;

/** Whether a second machine used the agent's identity within the time that silence would need to tell. */
export const isContested = (agent: Pick<HeardAgent, 'contestedAt' | 'visitEvery'>, now: number): boolean =>
  agent.contestedAt != null && now - agent.contestedAt <= healthyFor(agent);

/** Beyond this the agent's requests are refused: the difference that the protocol allows, in milliseconds. */
const REFUSED = agentProtocol.maxClockSkewSeconds * 1000;

function clockDetail(
  { clockSkew, clockSkewAt, seenAt }: HeardAgent,
  now: number,
): { readonly text: string; readonly refused: boolean } | undefined {
  if (clockSkew == null || clockSkewAt == null) return undefined;
  const text = `its clock is ${Math.round(Math.abs(clockSkew) / 1000)} seconds ${clockSkew > 0 ? 'ahead of' : 'behind'} the server's`;
  if (Math.abs(clockSkew) <= REFUSED) return { text, refused: false };
  // It was heard again since, by the right time.
  if (seenAt > clockSkewAt || now - clockSkewAt > UNHEALTHY_AFTER) return undefined;
  return { text: `${text}, so that nothing it sends can be accepted: set it right`, refused: true };
}

const dayOf = (time: number): string => new Date(time).toISOString().slice(0, 10);
