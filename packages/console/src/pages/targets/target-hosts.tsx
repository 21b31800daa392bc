import Box from '@cloudscape-design/components/box';
import Spinner from '@cloudscape-design/components/spinner';
import StatusIndicator from '@cloudscape-design/components/status-indicator';
import Table from '@cloudscape-design/components/table';
import type { ReactNode } from 'react';
import { hrefOf } from '../../app/route.ts';
import { useSession } from '../../app/session-context.ts';
import { useData } from '../../app/use-data.ts';
import { after, readAll } from '../../data/pages.ts';
import { count, sentence } from '../../format.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import { FaultAlert } from '../../ui/fault-alert.tsx';
import { PageLink } from '../../ui/page-link.tsx';

const MANY = 1000;

/** The hosts that a run over a target would assess if it started now. */
export function TargetHosts({ arn }: { readonly arn: string }): ReactNode {
  const { call } = useSession();
  const { data, fault, reload } = useData(`hosts of ${arn}`, () =>
    readAll(async (token) => {
      const found = await call('PreviewAgents', { previewAgentsArn: arn, maxResults: 100, ...after(token) });
      return { items: found.agentPreviews, nextToken: found.nextToken };
    }, MANY),
  );
  if (fault !== undefined) return <FaultAlert fault={fault} retry={reload} />;
  if (!data) return <Spinner />;
  return (
    <>
      <Box padding={{ bottom: 's' }}>
        A run over this target would assess{' '}
        {data.complete ? count(data.items.length, 'host') : `more than ${MANY.toLocaleString('en')} hosts`} if it
        started now.
      </Box>
      <Table
        variant="embedded"
        contentDensity="compact"
        items={data.items}
        trackBy="agentId"
        ariaLabels={{ tableLabel: 'Hosts of the target' }}
        empty={
          <EmptyState title="No host">
            <PageLink href={hrefOf(['hosts'], { enrol: 'yes' })}>Enrol hosts</PageLink>
          </EmptyState>
        }
        columnDefinitions={[
          {
            id: 'host',
            header: 'Host',
            isRowHeader: true,
            cell: ({ agentId, hostname }) => (
              <PageLink href={hrefOf(['hosts', agentId])}>{hostname ?? agentId}</PageLink>
            ),
          },
          {
            id: 'health',
            header: 'Health',
            cell: ({ agentHealth = 'UNKNOWN' }) => (
              <StatusIndicator type={agentHealth === 'HEALTHY' ? 'success' : 'warning'}>
                {sentence(agentHealth)}
              </StatusIndicator>
            ),
          },
          { id: 'system', header: 'Operating system', cell: ({ operatingSystem }) => operatingSystem ?? '–' },
          { id: 'version', header: 'Agent', cell: ({ agentVersion }) => agentVersion ?? '–' },
          { id: 'address', header: 'Address', cell: ({ ipv4Address }) => ipv4Address ?? '–' },
        ]}
      />
    </>
  );
}
