import type { Output } from '@assay/model/api/operations.ts';
import { runArn } from '@assay/model/arn.ts';
import { hasEnded } from '../domain/run-machine.ts';
import { sumTelemetry } from '../domain/telemetry.ts';
import { type AgentHealth, agentHealth } from '../engine/agent-health.ts';
import type { Agent } from '../store/agents.ts';
import type { RunAgent } from '../store/run-agents.ts';
import { doesNotExist } from './arns.ts';
import type { Operation } from './operation.ts';
import { pageRequest, slicePage } from './page.ts';
import { requireRuns } from './require-runs.ts';

type WireAgent = Output<'ListAssessmentRunAgents'>['assessmentRunAgents'][number];

/** The hosts of a run with their health and what they sent: while the run goes their health now, afterwards how it was. */
export const listAssessmentRunAgents: Operation<'ListAssessmentRunAgents', 'store' | 'tokens' | 'now'> =
  ({ store, tokens, now }) =>
  async (input, caller) => {
    const load = requireRuns(caller, [input.assessmentRunArn]);
    const page = pageRequest(tokens, 'ListAssessmentRunAgents', caller, input);
    const [run] = await load(store);
    if (!run) throw doesNotExist('run', input.assessmentRunArn);
    const { scope } = caller;
    const hosts = await store.runAgents.ofRun(scope, run.id);
    const agents = await store.agents.findMany(
      scope,
      hosts.map(({ agent }) => agent),
    );
    const byId = new Map(agents.map((agent) => [agent.id, agent]));
    const { agentHealths = [], agentHealthCodes = [] } = input.filter ?? {};
    const at = now();
    const rows = hosts.map((host) => ({
      host,
      health: healthOf(host, byId.get(host.agent), hasEnded(run.state), at),
    }));
    const { rows: shown, nextToken } = await slicePage(
      page,
      rows,
      ({ host }) => host.agent,
      ({ health }) =>
        (agentHealths.length === 0 || agentHealths.includes(health.health)) &&
        (agentHealthCodes.length === 0 || agentHealthCodes.includes(health.code)),
    );
    const evidence = await store.evidence.list(
      scope,
      run.id,
      shown.map(({ host }) => host.agent),
    );
    const arn = runArn(caller, run.target, run.template, run.id);
    return {
      assessmentRunAgents: shown.map(
        ({ host, health }): WireAgent => ({
          agentId: host.agent,
          assessmentRunArn: arn,
          agentHealth: health.health,
          agentHealthCode: health.code,
          agentHealthDetails: health.detail,
          telemetryMetadata: sumTelemetry(
            evidence.filter(({ agent }) => agent === host.agent).flatMap(({ telemetry }) => telemetry),
          ),
        }),
      ),
      nextToken,
    };
  };

function healthOf(host: RunAgent, agent: Agent | undefined, ended: boolean, now: number): AgentHealth {
  if (ended || !agent) {
    return host.status === 'DELIVERED'
      ? { health: 'HEALTHY', code: 'IDLE', detail: 'delivered all that the run asked for' }
      : { health: 'UNHEALTHY', code: 'UNHEALTHY', detail: 'did not deliver before collection ended' };
  }
  const health = agentHealth(agent, now);
  return health.health === 'HEALTHY' && host.status === 'PENDING' ? { ...health, code: 'RUNNING' } : health;
}
