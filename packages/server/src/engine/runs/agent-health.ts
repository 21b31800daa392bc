import type { Agent } from '../../store/tables/agents.ts';

/** An agent that has not been heard for this long is unhealthy: three heartbeats of a minute, in milliseconds. */
export const UNHEALTHY_AFTER = 180_000;

/** Health and its code as the API names them, with what a person should know. */
export interface AgentHealth {
  readonly health: 'HEALTHY' | 'UNHEALTHY';
  readonly code: 'IDLE' | 'RUNNING' | 'SHUTDOWN' | 'UNHEALTHY';
  readonly detail: string;
}

export function agentHealth(agent: Pick<Agent, 'status' | 'seenAt'>, now: number): AgentHealth {
  const silent = Math.max(0, Math.round((now - agent.seenAt) / 1000));
  if (agent.status === 'SHUTDOWN') {
    return { health: 'UNHEALTHY', code: 'SHUTDOWN', detail: `the agent was shut down ${silent} seconds ago` };
  }
  if (now - agent.seenAt > UNHEALTHY_AFTER) {
    return { health: 'UNHEALTHY', code: 'UNHEALTHY', detail: `the agent has not been heard for ${silent} seconds` };
  }
  return { health: 'HEALTHY', code: agent.status, detail: `last heard ${silent} seconds ago` };
}
