import type { AssayOutput } from '@assay/model/assay/operations.ts';
import StatusIndicator from '@cloudscape-design/components/status-indicator';
import type { ReactNode } from 'react';
import { hrefOf } from '../../app/route.ts';
import { useSession } from '../../app/session-context.ts';
import { after } from '../../data/pages.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import { type Column, ListTable } from '../../ui/list-table.tsx';
import { PageLink } from '../../ui/page-link.tsx';
import { RulesPackageNames } from '../../ui/rules-package-names.tsx';
import { hasEnded, RunState } from '../../ui/run-state.tsx';
import { When } from '../../ui/when.tsx';

type HostRun = AssayOutput<'ListHostRuns'>['runs'][number];

/** The runs that a host took part in, also those that did without it. */
export function HostRuns({ hostArn }: { readonly hostArn: string }): ReactNode {
  const { assay } = useSession();
  return (
    <ListTable<HostRun>
      id="host-runs"
      title="Runs"
      headingTag="h2"
      description="Every run that chose this host, the newest first. Imported runs do not say which hosts took part."
      wrap
      loadKey={hostArn}
      keyOf={({ assessmentRunArn }) => assessmentRunArn}
      load={async (nextToken, maxResults) => {
        const found = await assay('ListHostRuns', { hostArn, maxResults, ...after(nextToken) });
        return { items: found.runs, nextToken: found.nextToken };
      }}
      columns={columns}
      empty={<EmptyState title="No run has chosen this host yet">It is not assessed until one does.</EmptyState>}
    />
  );
}

const columns: readonly Column<HostRun>[] = [
  {
    id: 'run',
    header: 'Run',
    width: 230,
    isRowHeader: true,
    cell: ({ assessmentRunArn, name }) => <PageLink href={hrefOf(['runs', assessmentRunArn])}>{name}</PageLink>,
  },
  { id: 'state', header: 'State', width: 185, cell: ({ state }) => <RunState state={state} /> },
  { id: 'delivery', header: 'Evidence', width: 160, cell: deliveryCell },
  { id: 'delivered', header: 'Delivered', width: 165, cell: ({ deliveredAt }) => <When at={deliveredAt} /> },
  { id: 'created', header: 'Created', width: 165, cell: ({ createdAt }) => <When at={createdAt} /> },
  {
    id: 'packages',
    header: 'Rules packages',
    width: 300,
    optional: true,
    cell: ({ rulesPackageArns }) => <RulesPackageNames arns={rulesPackageArns} />,
  },
  {
    id: 'agent',
    header: 'Agent',
    width: 150,
    optional: true,
    cell: ({ agentVersion, privileged }) =>
      agentVersion === undefined ? '–' : `${agentVersion}${privileged ? ', as root' : ', not root'}`,
  },
];

function deliveryCell({ delivery, excludedBecause, state }: HostRun): ReactNode {
  if (excludedBecause !== undefined) {
    return <StatusIndicator type="warning">Not assessed: {excludedBecause}</StatusIndicator>;
  }
  if (delivery === 'COMPLETE') return <StatusIndicator type="success">Complete</StatusIndicator>;
  if (delivery === 'PARTIAL') return <StatusIndicator type="warning">In part</StatusIndicator>;
  return hasEnded(state) ? (
    <StatusIndicator type="warning">None</StatusIndicator>
  ) : (
    <StatusIndicator type="in-progress">Expected</StatusIndicator>
  );
}
