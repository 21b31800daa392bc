import Box from '@cloudscape-design/components/box';
import Spinner from '@cloudscape-design/components/spinner';
import StatusIndicator from '@cloudscape-design/components/status-indicator';
import Table from '@cloudscape-design/components/table';
import type { ReactNode } from 'react';
import { hrefOf } from '../../app/route.ts';
import { useSession } from '../../app/session-context.ts';
import { useData } from '../../app/use-data.ts';
import { previewExclusions } from '../../data/exclusions-preview.ts';
import { useRulesPackages } from '../../data/use-rules-packages.ts';
import { count } from '../../format.ts';
import { FaultAlert } from '../../ui/fault-alert.tsx';
import { LinkedText } from '../../ui/linked-text.tsx';
import { PageLink } from '../../ui/page-link.tsx';
import { wait } from '../../ui/wait.ts';

/** What a run of a template would leave out if it started now, and why. */
export function ExclusionsPreview({ template }: { readonly template: string }): ReactNode {
  const { call } = useSession();
  const { nameOf } = useRulesPackages();
  const { data, fault, reload } = useData(`exclusions of ${template}`, () =>
    previewExclusions(call, template, { wait: () => wait(500) }),
  );
  if (fault !== undefined) return <FaultAlert fault={fault} retry={reload} />;
  if (!data) {
    return (
      <Box>
        <Spinner /> Working out what a run would leave out
      </Box>
    );
  }
  if (data.items.length === 0) {
    return (
      <StatusIndicator type="info">
        Nothing is known that a run would leave out. What shows only while hosts are assessed is reported with the run.
      </StatusIndicator>
    );
  }
  return (
    <>
      <Box padding={{ bottom: 's' }}>
        <StatusIndicator type="warning">
          A run that started now would leave out{' '}
          {data.complete ? count(data.items.length, 'thing') : `more than ${count(data.items.length, 'thing')}`}.
        </StatusIndicator>
      </Box>
      <Table
        variant="embedded"
        contentDensity="compact"
        wrapLines
        items={data.items}
        ariaLabels={{ tableLabel: 'What a run would leave out' }}
        columnDefinitions={[
          { id: 'title', header: 'What', isRowHeader: true, minWidth: 160, cell: ({ title }) => title },
          {
            id: 'where',
            header: 'Where',
            minWidth: 160,
            cell: ({ scopes }) =>
              scopes.map(({ key, value = '' }) => (
                <div key={`${key} ${value}`}>
                  {key === 'INSTANCE_ID' ? <PageLink href={hrefOf(['hosts', value])}>{value}</PageLink> : nameOf(value)}
                </div>
              )),
          },
          { id: 'why', header: 'Why', minWidth: 240, cell: ({ description }) => <LinkedText text={description} /> },
          {
            id: 'do',
            header: 'What to do',
            minWidth: 240,
            cell: ({ recommendation }) => <LinkedText text={recommendation} />,
          },
        ]}
      />
    </>
  );
}
