import type { Output } from '@assay/model/api/operations.ts';
import { agentHealth, healthTime } from '../../engine/runs/agent-health.ts';
import { FORGET_HOSTS_AFTER, hostsOfTarget } from '../../engine/runs/hosts-of-target.ts';
import { doesNotExist, requireOne } from '../arns.ts';
import type { Operation } from '../operation.ts';
import { pageRequest, readPage } from '../page.ts';

type WirePreview = Output<'PreviewAgents'>['agentPreviews'][number];

/** The hosts that a run over a target would assess if it started now. */
export const previewAgents: Operation<'PreviewAgents', 'store' | 'tokens' | 'now' | 'ago' | 'limits'> =
  ({ store, tokens, now, ago, limits: { forgetHostsAfter = FORGET_HOSTS_AFTER } }) =>
  async (input, caller) => {
    const { ids } = requireOne(caller, 'target', input.previewAgentsArn);
    const page = pageRequest(tokens, 'PreviewAgents', caller, input);
    const { scope } = caller;
    const [target] = await store.targets.findMany(scope, ids);
    if (!target) throw doesNotExist('target', input.previewAgentsArn);
    const { rows, nextToken } = await readPage(
      page,
      (after, limit) => hostsOfTarget(store, scope, target, after, limit, { heardSince: now() - forgetHostsAfter }),
      ({ enrolledAt, id }) => ({ at: enrolledAt, id }),
    );
    return {
      agentPreviews: rows.map(
        (agent): WirePreview => ({
          hostname: agent.hostname,
          agentId: agent.id,
          agentHealth: agentHealth(agent, healthTime(ago)).health,
          agentVersion: agent.agentVersion,
          operatingSystem: agent.operatingSystem,
          ...(agent.kernelVersion === null ? {} : { kernelVersion: agent.kernelVersion }),
          ...(agent.ipv4Address === null ? {} : { ipv4Address: agent.ipv4Address }),
        }),
      ),
      nextToken,
    };
  };
