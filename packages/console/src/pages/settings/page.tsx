import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Table from '@cloudscape-design/components/table';
import { type ReactNode, useState } from 'react';
import { useSession } from '../../app/session-context.ts';
import { useData } from '../../app/use-data.ts';
import { ActButton } from '../../ui/act-button.tsx';
import { FaultAlert } from '../../ui/fault-alert.tsx';
import { When } from '../../ui/when.tsx';
import { EditZones } from './edit-zones.tsx';

/** The account, the server, and from where the reachability of ports is judged. */
export function SettingsPage(): ReactNode {
  const { assay, key } = useSession();
  const status = useData('status', () => assay('GetServerStatus', {}));
  const zones = useData('zones', () => assay('GetZones', {}));
  const [editing, setEditing] = useState(false);
  return (
    <SpaceBetween size="l">
      <Header variant="h1">Settings</Header>
      <FaultAlert fault={status.fault} retry={status.reload} />
      <Container header={<Header variant="h2">Account and server</Header>}>
        <KeyValuePairs
          columns={3}
          items={[
            { label: 'Account', value: status.data?.account ?? '–' },
            { label: 'Region', value: key.region },
            { label: 'Signed in with', value: key.accessKeyId },
            { label: 'Version of Assay', value: status.data?.version ?? '–' },
            { label: 'Store', value: status.data?.store ?? '–' },
            { label: 'Running since', value: <When at={status.data?.startedAt} /> },
          ]}
        />
      </Container>
      <FaultAlert fault={zones.fault} retry={zones.reload} />
      <Table
        items={zones.data?.zones ?? []}
        loading={zones.loading && !zones.data}
        loadingText="Loading"
        ariaLabels={{ tableLabel: 'Zones' }}
        header={
          <Header
            variant="h2"
            description={
              zones.data?.declared === false
                ? 'The default ones: rules about reachable ports judge from the internet, from private networks and from VPNs.'
                : 'Rules about reachable ports judge from these.'
            }
            actions={
              <ActButton action="assay:SetZones" disabled={!zones.data} onClick={() => setEditing(true)}>
                Edit
              </ActButton>
            }
          >
            Zones
          </Header>
        }
        columnDefinitions={[
          { id: 'name', header: 'Zone', isRowHeader: true, cell: ({ name }) => name },
          { id: 'route', header: 'Reported as', cell: ({ routeType }) => routeType },
          {
            id: 'networks',
            header: 'Networks',
            cell: ({ networks = [] }) => networks.join(', ') || 'those of the route type',
          },
          { id: 'interfaces', header: 'Interfaces', cell: ({ interfaces = [] }) => interfaces.join(', ') || 'any' },
        ]}
      />
      {editing && zones.data ? (
        <EditZones zones={zones.data.zones} close={() => setEditing(false)} done={zones.reload} />
      ) : null}
    </SpaceBetween>
  );
}
