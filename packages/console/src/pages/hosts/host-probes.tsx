import type { AssayOutput } from '@assay/model/assay/operations.ts';
import Box from '@cloudscape-design/components/box';
import Header from '@cloudscape-design/components/header';
import Spinner from '@cloudscape-design/components/spinner';
import Table from '@cloudscape-design/components/table';
import type { ReactNode } from 'react';
import { useSession } from '../../app/session-context.ts';
import { useData } from '../../app/use-data.ts';
import { portsText } from '../../data/ports-text.ts';
import { FaultAlert } from '../../ui/fault-alert.tsx';
import { When } from '../../ui/when.tsx';

type Probe = AssayOutput<'DescribeProbes'>['probes'][number];

/** What connections from other places reached of a host in the last week. */
export function HostProbes({ hostArn }: { readonly hostArn: string }): ReactNode {
  const { assay } = useSession();
  const { data, fault, reload } = useData(`probes of ${hostArn}`, async () => {
    const { probes } = await assay('DescribeProbes', { hostArns: [hostArn] });
    return probes.toSorted((a, b) => b.at - a.at);
  });
  if (fault !== undefined) return <FaultAlert fault={fault} retry={reload} />;
  if (!data) return <Spinner />;
  return (
    <Table<Probe>
      header={
        <Header
          variant="h2"
          counter={`(${data.length})`}
          description="TCP connections that assay probe made in the last week. Those of the last day are compared with the findings."
        >
          Seen from outside
        </Header>
      }
      items={data}
      trackBy={({ vantage, zone, address }) => JSON.stringify([vantage, zone, address])}
      columnDefinitions={[
        { id: 'vantage', header: 'From', cell: ({ vantage }) => vantage },
        { id: 'zone', header: 'Zone', cell: ({ zone }) => zone },
        { id: 'address', header: 'To', cell: ({ address }) => address },
        { id: 'connected', header: 'Accepted', cell: ({ connected }) => portsText(connected) },
        { id: 'refused', header: 'Refused', cell: ({ refused }) => portsText(refused) },
        { id: 'silent', header: 'No answer', cell: ({ silent }) => portsText(silent) },
        { id: 'at', header: 'When', cell: ({ at }) => <When at={at} ago /> },
      ]}
      empty={
        <Box>
          Not probed in the last week. Run <Box variant="code">npx assay probe</Box> on a machine that stands outside.
        </Box>
      }
    />
  );
}
