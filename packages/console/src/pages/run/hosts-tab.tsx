import type { Output } from '@assay/model/api/operations.ts';
import StatusIndicator from '@cloudscape-design/components/status-indicator';
import type { ReactNode } from 'react';
import { hrefOf } from '../../app/route.ts';
import { useSession } from '../../app/session-context.ts';
import { after } from '../../data/pages.ts';
import { formatBytes } from '../../format.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import { ListTable } from '../../ui/list-table.tsx';
import { PageLink } from '../../ui/page-link.tsx';

type RunAgent = Output<'ListAssessmentRunAgents'>['assessmentRunAgents'][number];

/** The hosts of a run, and what came from each. */
export function HostsTab({ arn, refresh }: { readonly arn: string; readonly refresh: number | undefined }): ReactNode {
  const { call } = useSession();
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
        return { items: found.assessmentRunAgents, nextToken: found.nextToken };
      }}
      columns={[
        {
          id: 'host',
          header: 'Host',
          width: 260,
          isRowHeader: true,
          cell: ({ agentId }) => <PageLink href={hrefOf(['hosts', agentId])}>{agentId}</PageLink>,
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
