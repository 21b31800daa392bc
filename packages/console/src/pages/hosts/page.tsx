import type { AssayOutput } from '@assay/model/assay/operations.ts';
import Button from '@cloudscape-design/components/button';
import SpaceBetween from '@cloudscape-design/components/space-between';
import StatusIndicator from '@cloudscape-design/components/status-indicator';
import { lazy, type ReactNode, Suspense, useState } from 'react';
import { hrefOf } from '../../app/route.ts';
import { useSession } from '../../app/session-context.ts';
import { replaceQuery, useRoute } from '../../app/use-route.ts';
import { after } from '../../data/pages.ts';
import { count } from '../../format.ts';
import { ActButton } from '../../ui/act-button.tsx';
import { ConfirmModal } from '../../ui/confirm-modal.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { FilterField } from '../../ui/filter-field.tsx';
import { Later } from '../../ui/later.tsx';
import { type Column, ListTable } from '../../ui/list-table.tsx';
import { PageLink } from '../../ui/page-link.tsx';
import { When } from '../../ui/when.tsx';
import { HostHealth } from './host-health.tsx';
import { Tokens } from './tokens.tsx';

const HostFilter = lazy(() => import('./host-filter.tsx').then((module) => ({ default: module.HostFilter })));
const EnrolHosts = lazy(() => import('./enrol-hosts.tsx').then((module) => ({ default: module.EnrolHosts })));

export type Host = AssayOutput<'ListHosts'>['hosts'][number];

/** The enrolled hosts, and the tokens that further ones enrol with. */
export function HostsPage(): ReactNode {
  const { assay, notify } = useSession();
  const { query } = useRoute();
  const name = query.get('name') ?? '';
  const health = query.get('health');
  const filter = {
    ...(name ? { hostnamePattern: name.includes('*') ? name : `*${name}*` } : {}),
    ...(health === 'HEALTHY' || health === 'UNHEALTHY' ? { health: health as Host['health'] } : {}),
  };
  const [removing, setRemoving] = useState<{ readonly hosts: readonly Host[]; readonly done: () => void }>();
  const enrolling = query.has('enrol');
  const [tokensMade, setTokensMade] = useState(0);
  return (
    <SpaceBetween size="l">
      <ListTable<Host>
        id="hosts"
        title="Hosts"
        columns={columns}
        loadKey={JSON.stringify(filter)}
        keyOf={({ hostArn }) => hostArn}
        labelOf={({ hostname }) => hostname}
        refresh={15_000}
        load={async (nextToken, maxResults) => {
          const found = await assay('ListHosts', { filter, maxResults, ...after(nextToken) });
          return { items: found.hosts, nextToken: found.nextToken };
        }}
        selection="multi"
        filter={
          <Later until={<FilterField placeholder="Find by host name" />}>
            <HostFilter name={name} health={health ?? ''} />
          </Later>
        }
        actions={(selected, reload) => (
          <>
            <ActButton
              action="assay:RemoveHost"
              disabled={selected.length === 0}
              disabledReason="Choose hosts"
              onClick={() => setRemoving({ hosts: selected, done: reload })}
            >
              Remove
            </ActButton>
            <ActButton
              action="assay:CreateEnrollmentTokens"
              variant="primary"
              onClick={() => replaceQuery({ enrol: 'yes' })}
            >
              Enrol hosts
            </ActButton>
          </>
        )}
        empty={
          name || health ? (
            <EmptyState title="No host matches">
              <Button onClick={() => replaceQuery({ name: undefined, health: undefined })}>Clear the filter</Button>
            </EmptyState>
          ) : (
            <EmptyState title="No host is enrolled yet">
              Enrol one: you get a command to run on it.
              <ActButton action="assay:CreateEnrollmentTokens" onClick={() => replaceQuery({ enrol: 'yes' })}>
                Enrol hosts
              </ActButton>
            </EmptyState>
          )
        }
      />
      <Tokens made={tokensMade} />
      {enrolling ? (
        <Suspense>
          <EnrolHosts
            made={() => setTokensMade((before) => before + 1)}
            close={() => replaceQuery({ enrol: undefined })}
          />
        </Suspense>
      ) : null}
      {removing ? (
        <ConfirmModal
          title={`Remove ${count(removing.hosts.length, 'host')}`}
          confirm="Remove"
          close={() => setRemoving(undefined)}
          act={async () => {
            for (const { hostArn } of removing.hosts) await assay('RemoveHost', { hostArn });
            notify({ type: 'success', content: `${count(removing.hosts.length, 'host')} removed.` });
            removing.done();
          }}
        >
          {removing.hosts.map(({ hostname }) => hostname).join(', ')}: the server refuses the agent from then on, and
          the host leaves all targets. Its findings and runs stay.
        </ConfirmModal>
      ) : null}
    </SpaceBetween>
  );
}

const columns: readonly Column<Host>[] = [
  {
    id: 'host',
    header: 'Host',
    width: 170,
    isRowHeader: true,
    cell: ({ agentId, hostname }) => <PageLink href={hrefOf(['hosts', agentId])}>{hostname}</PageLink>,
  },
  { id: 'health', header: 'Health', width: 150, cell: (host) => <HostHealth host={host} /> },
  { id: 'system', header: 'Operating system', width: 240, cell: ({ operatingSystem }) => operatingSystem },
  { id: 'heard', header: 'Last heard', width: 115, cell: ({ lastHeardAt }) => <When at={lastHeardAt} ago /> },
  {
    id: 'tags',
    header: 'Tags',
    width: 125,
    cell: ({ tags }) => tags.map(({ key, value }) => `${key}=${value}`).join(', ') || '–',
  },
  {
    id: 'root',
    header: 'Agent',
    width: 140,
    cell: ({ agentVersion, privileged }) =>
      privileged ? agentVersion : <StatusIndicator type="warning">{agentVersion}, not root</StatusIndicator>,
  },
  { id: 'id', header: 'Agent ID', width: 220, optional: true, cell: ({ agentId }) => agentId },
  { id: 'address', header: 'Address', width: 140, optional: true, cell: ({ ipv4Address }) => ipv4Address ?? '–' },
  { id: 'kernel', header: 'Kernel', width: 180, optional: true, cell: ({ kernelVersion }) => kernelVersion ?? '–' },
  {
    id: 'enrolled',
    header: 'Enrolled',
    width: 220,
    optional: true,
    cell: ({ enrolledAt }) => <When at={enrolledAt} />,
  },
];
