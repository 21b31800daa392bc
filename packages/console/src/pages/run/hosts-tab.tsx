import type { Output } from '@assay/model/api/operations.ts';
import { assayArn } from '@assay/model/assay/arn.ts';
import StatusIndicator from '@cloudscape-design/components/status-indicator';
import type { ReactNode } from 'react';
import type { CallAssay } from '../../api.ts';
import { hrefOf } from '../../app/route.ts';
import { useSession } from '../../app/session-context.ts';
import { after } from '../../data/pages.ts';
import { formatBytes } from '../../format.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import { ListTable } from '../../ui/list-table.tsx';
import { PageLink } from '../../ui/page-link.tsx';

interface RunAgent extends Item<Output<'ListAssessmentRunAgents'>['assessmentRunAgents']> {
  /** Undefined where the host is not known here. */
  readonly hostname: string | undefined;
}

type Item<List extends readonly unknown[]> = List[number];

/** The hosts of a run, and what came from each. */
export function HostsTab({ arn, refresh }: { readonly arn: string; readonly refresh: number | undefined }): ReactNode {
  const { call, assay } = useSession();
  return (
    <ListTable<RunAgent>
      id="run-hosts"
      title="Hosts"
      headingTag="h2"
      loadKey={arn}
      refresh={refresh}
      keyOf={({ agentId }) => agentId}
      load={async (nextToken, maxResults) => {
        const found = await call('ListAssessmentRunAgents', { assessmentRunArn: arn, maxResults, ...after(nextToken) });
        const names = await hostNames(assay, arn, found.assessmentRunAgents);
        return {
          items: found.assessmentRunAgents.map((agent) => ({ ...agent, hostname: names.get(agent.agentId) })),
          nextToken: found.nextToken,
        };
      }}
      columns={[
        {
          id: 'host',
          header: 'Host',
          width: 260,
          isRowHeader: true,
          cell: ({ agentId, hostname }) => <PageLink href={hrefOf(['hosts', agentId])}>{hostname || agentId}</PageLink>,
        },
        {
          id: 'health',
          header: 'Health',
          width: 160,
          cell: ({ agentHealth }) => (
            <StatusIndicator type={agentHealth === 'HEALTHY' ? 'success' : 'warning'}>
              {agentHealth === 'HEALTHY' ? 'Healthy' : 'Not healthy'}
            </StatusIndicator>
          ),
        },
        { id: 'agent', header: 'Agent ID', width: 220, optional: true, cell: ({ agentId }) => agentId },
        { id: 'details', header: 'Details', width: 320, cell: ({ agentHealthDetails }) => agentHealthDetails || '–' },
        {
          id: 'evidence',
          header: 'Evidence',
          width: 180,
          cell: ({ telemetryMetadata }) =>
            telemetryMetadata.length === 0
              ? 'None'
              : formatBytes(telemetryMetadata.reduce((sum, { dataSize = 0 }) => sum + dataSize, 0)),
        },
      ]}
      empty={<EmptyState title="No host takes part in this run" />}
    />
  );
}

/** Names of hosts of the account and region of a run; of imported ones, and for keys that may not ask, there is none. */
async function hostNames(
  assay: CallAssay,
  run: string,
  agents: readonly { readonly agentId: string }[],
): Promise<ReadonlyMap<string, string>> {
  const [, , , region = '', account = ''] = run.split(':');
  const hostArns = agents
    .filter(({ agentId }) => /^[\w-]{1,128}$/.test(agentId))
    .map(({ agentId }) => assayArn({ account, region }, 'host', agentId));
  if (hostArns.length === 0) return new Map();
  const { hosts } = await assay('DescribeHosts', { hostArns }).catch(() => ({ hosts: [] }));
  return new Map(hosts.map(({ agentId, hostname }) => [agentId, hostname]));
}
