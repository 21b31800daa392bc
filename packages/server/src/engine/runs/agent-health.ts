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

/** What is known of an agent's health. */
export type HeardAgent = Pick<Agent, 'status' | 'seenAt'> &
  Partial<Pick<Agent, 'contestedAt' | 'contestedBy' | 'clockSkew' | 'clockSkewAt' | 'removedAt'>>;

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
  if (now - agent.seenAt > UNHEALTHY_AFTER) {
    return {
      health: 'UNHEALTHY',
      code: 'UNHEALTHY',
      detail: `the agent has not been heard for ${silent} seconds${more}`,
    };
  }
  return { health: 'HEALTHY', code: agent.status, detail: `last heard ${silent} seconds ago${more}` };
}

/** Whether a second machine used the agent's identity within the time that silence would need to tell. */
export const isContested = ({ contestedAt }: Pick<HeardAgent, 'contestedAt'>, now: number): boolean =>
  contestedAt != null && now - contestedAt <= UNHEALTHY_AFTER;

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
