import type { Output } from '@assay/model/api/operations.ts';
import { runArn } from '@assay/model/arn.ts';
import { hasEnded } from '../../domain/run-machine.ts';
import { progressTelemetry, progressText, sumTelemetry } from '../../domain/telemetry.ts';
import { agentHealth, healthTime, UNHEALTHY_AFTER } from '../../engine/runs/agent-health.ts';
import type { AgentCode, HeardRunAgent } from '../../store/tables/run-agents.ts';
import { doesNotExist } from '../arns.ts';
import { excludedBecause } from '../excluded-because.ts';
import type { Operation } from '../operation.ts';
import { pageRequest, readPage } from '../page.ts';
import { requireRuns } from '../require-runs.ts';

type WireAgent = Output<'ListAssessmentRunAgents'>['assessmentRunAgents'][number];

const healthOf: Readonly<Record<AgentCode, 'HEALTHY' | 'UNHEALTHY'>> = {
  IDLE: 'HEALTHY',
  RUNNING: 'HEALTHY',
  SHUTDOWN: 'UNHEALTHY',
  UNHEALTHY: 'UNHEALTHY',
};

/** The hosts of a run with their health and what they sent: while the run goes their health now, afterwards how it was. */
export const listAssessmentRunAgents: Operation<'ListAssessmentRunAgents', 'store' | 'tokens' | 'ago' | 'progress'> =
  ({ store, tokens, ago, progress }) =>
  async (input, caller) => {
    const load = requireRuns(caller, [input.assessmentRunArn]);
    const page = pageRequest(tokens, 'ListAssessmentRunAgents', caller, input);
    const [run] = await load(store);
    if (!run) throw doesNotExist('run', input.assessmentRunArn);
    const { scope } = caller;
    const { agentHealths = [], agentHealthCodes = [] } = input.filter ?? {};
    const codes = (Object.keys(healthOf) as AgentCode[]).filter(
      (code) =>
        (agentHealths.length === 0 || agentHealths.includes(healthOf[code])) &&
        (agentHealthCodes.length === 0 || agentHealthCodes.includes(code)),
    );
    const at = healthTime(ago);
    const heardSince = hasEnded(run.state) ? null : at - UNHEALTHY_AFTER;
    const { rows: shown, nextToken } = await readPage(
      page,
      (after, limit) => store.runAgents.page(scope, run.id, { heardSince, codes }, after?.id, limit),
      ({ agent }) => ({ at: 0, id: agent }),
    );
    const sent = await store.evidence.telemetryOfAgents(
      scope,
      run.id,
      shown.map(({ agent }) => agent),
    );
    const arn = runArn(caller, run.target, run.template, run.id);
    return {
      assessmentRunAgents: shown.map((host): WireAgent => {
        const said =
          host.status === 'DELIVERED' || heardSince === null ? undefined : progress.of(scope, run.id, host.agent);
        const detail = detailOf(host, heardSince === null, at);
        return {
          agentId: host.agent,
          assessmentRunArn: arn,
          agentHealth: healthOf[host.code],
          agentHealthCode: host.code,
          agentHealthDetails: said ? `${detail}; ${progressText(said)}` : detail,
          telemetryMetadata: [...sumTelemetry(sent.get(host.agent) ?? []), ...(said ? progressTelemetry(said) : [])],
        };
      }),
      ...(nextToken === undefined ? {} : { nextToken }),
    };
  };

function detailOf(host: HeardRunAgent, ended: boolean, now: number): string {
  const { status, said, seenAt, contestedAt, contestedBy, visitEvery, excluded, partial } = host;
  if (excluded) return excludedBecause[excluded];
  if (!ended && said !== null && seenAt !== null) {
    return agentHealth({ status: said, seenAt, contestedAt, contestedBy, visitEvery }, now).detail;
  }
  if (partial) return 'delivered part of its evidence before collection ended; that part was evaluated';
  return status === 'DELIVERED' ? 'delivered all that the run asked for' : 'did not deliver before collection ended';
}
