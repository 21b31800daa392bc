import { assayArn } from '@assay/model/assay/arn.ts';
import Alert from '@cloudscape-design/components/alert';
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Spinner from '@cloudscape-design/components/spinner';
import Tabs from '@cloudscape-design/components/tabs';
import { lazy, type ReactNode, Suspense, useState } from 'react';
import { hrefOf } from '../../app/route.ts';
import { useItemName, useSession } from '../../app/session-context.ts';
import { useData } from '../../app/use-data.ts';
import { goTo, replaceQuery, useRoute } from '../../app/use-route.ts';
import { tagsText } from '../../data/tags.ts';
import { useAccount } from '../../data/use-account.ts';
import { ActButton } from '../../ui/act-button.tsx';
import { ConfirmModal } from '../../ui/confirm-modal.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { FaultAlert } from '../../ui/fault-alert.tsx';
import { Later } from '../../ui/later.tsx';
import { PageLink } from '../../ui/page-link.tsx';
import { RulesPackageNames } from '../../ui/rules-package-names.tsx';
import { SeverityCounts } from '../../ui/severity.tsx';
import { When } from '../../ui/when.tsx';
import { AllFindings } from '../findings/all-findings.tsx';
import { HostCoverage } from './host-coverage.tsx';
import { HostHealth } from './host-health.tsx';
import { HostProbes } from './host-probes.tsx';
import { HostRuns } from './host-runs.tsx';

const HostTags = lazy(() => import('./host-tags.tsx').then((module) => ({ default: module.HostTags })));

/** A host: what it is, what it has now and had before, and what can be done with it. */
export function HostPage({ id: agentId }: { readonly id: string }): ReactNode {
  const { assay, key, notify } = useSession();
  const [asking, setAsking] = useState<'remove' | 'tags' | undefined>();
  const { query } = useRoute();
  const of = useAccount();
  const { account } = of;
  const hostArn = account === undefined ? undefined : assayArn({ account, region: key.region }, 'host', agentId);
  const asked = useData(
    `host ${hostArn}`,
    async () => {
      if (hostArn === undefined) return undefined;
      const [{ hosts }, { groups }] = await Promise.all([
        assay('DescribeHosts', { hostArns: [hostArn] }),
        assay('GroupFindings', { groupBy: 'RULES_PACKAGE', filter: { hostArns: [hostArn] } }),
      ]);
      return { host: hosts[0], groups };
    },
    15_000,
  );
  const { data, reload } = asked;
  useItemName(data?.host?.hostname);
  const fault = of.fault ?? asked.fault;
  const retry = (): void => {
    of.reload();
    reload();
  };
  if (fault !== undefined && !data) return <FaultAlert fault={fault} retry={retry} />;
  if (!data || hostArn === undefined) return <Spinner size="large" />;
  const { host, groups } = data;
  return (
    <SpaceBetween size="l">
      <Header
        variant="h1"
        {...(host
          ? {
              actions: (
                <SpaceBetween direction="horizontal" size="xs">
                  <ActButton action="assay:TagHost" onClick={() => setAsking('tags')}>
                    Edit tags
                  </ActButton>
                  <ActButton
                    action="assay:RemoveHost"
                    disabled={host.removedAt !== undefined}
                    disabledReason="It was removed"
                    onClick={() => setAsking('remove')}
                  >
                    Remove
                  </ActButton>
                </SpaceBetween>
              ),
            }
          : {})}
      >
        {host?.hostname ?? agentId}
      </Header>
      <FaultAlert fault={fault} retry={reload} />
      {host ? (
        <SpaceBetween size="l">
          {host.removedAt === undefined ? null : (
            <Alert type="warning">
              This host was removed <When at={host.removedAt} ago />. Its findings stay.
            </Alert>
          )}
          {host.health === 'UNHEALTHY' && host.removedAt === undefined ? (
            <Alert type="warning" header="Runs do without this host">
              {host.healthDetails}
            </Alert>
          ) : null}
          {host.privileged ? null : (
            <Alert type="info">The agent is not root: what it cannot see is reported as not assessed.</Alert>
          )}
          <Container>
            <KeyValuePairs
              columns={4}
              items={[
                { label: 'Health', value: <HostHealth host={host} /> },
                { label: 'Last heard', value: <When at={host.lastHeardAt} /> },
                { label: 'Operating system', value: host.operatingSystem },
                { label: 'Kernel', value: host.kernelVersion ?? '–' },
                { label: 'Address', value: host.ipv4Address ?? '–' },
                { label: 'Agent', value: `${host.agentVersion}${host.privileged ? ', as root' : ''}` },
                { label: 'Enrolled', value: <When at={host.enrolledAt} /> },
                { label: 'Tags', value: tagsText(host.tags) || '–' },
              ]}
            />
          </Container>
          <Container header={<Header variant="h2">Now, by rules package</Header>}>
            {groups.length === 0 ? (
              <Box>
                No finding in its newest runs. What they assessed stands under{' '}
                <PageLink href={hrefOf(['hosts', agentId], { tab: 'coverage' })}>Coverage and evidence</PageLink>.
              </Box>
            ) : (
              <KeyValuePairs
                columns={2}
                items={groups.map((group) => ({
                  label: (
                    <Later until="…">
                      <RulesPackageNames arns={[group.name]} />
                    </Later>
                  ),
                  value: (
                    <>
                      <SeverityCounts counts={group.counts} /> assessed <When at={group.assessedAt} ago />
                    </>
                  ),
                }))}
              />
            )}
          </Container>
        </SpaceBetween>
      ) : (
        <EmptyState title="This host is not enrolled here">
          It was known to an earlier store, or its findings were imported.
          <Button href="#/hosts">All hosts</Button>
        </EmptyState>
      )}
      <Tabs
        activeTabId={query.get('tab') ?? 'findings'}
        ariaLabel="Parts of the host"
        onChange={({ detail }) => replaceQuery({ tab: detail.activeTabId })}
        tabs={[
          {
            id: 'findings',
            label: 'Findings',
            content: (
              <AllFindings
                id="host-findings"
                headingTag="h2"
                of={{ hostArns: [hostArn] }}
                without={['host']}
                empty={
                  <EmptyState title="No run found anything on this host">
                    Nothing was found only where it was looked:{' '}
                    <PageLink href={hrefOf(['hosts', agentId], { tab: 'coverage' })}>see what was assessed</PageLink>
                  </EmptyState>
                }
              />
            ),
          },
          {
            id: 'coverage',
            label: 'Coverage and evidence',
            content: (
              <SpaceBetween size="l">
                <HostCoverage hostArn={hostArn} />
                <HostProbes hostArn={hostArn} />
              </SpaceBetween>
            ),
          },
          { id: 'runs', label: 'Runs', content: <HostRuns hostArn={hostArn} /> },
        ]}
      />
      {asking === 'remove' && host ? (
        <ConfirmModal
          title={`Remove ${host.hostname}`}
          confirm="Remove"
          close={() => setAsking(undefined)}
          act={async () => {
            await assay('RemoveHost', { hostArn });
            notify({ type: 'success', content: `${host.hostname} is removed.` });
            goTo(hrefOf(['hosts']));
          }}
        >
          The server refuses its agent from then on, and the host leaves all targets. Its findings and runs stay.
        </ConfirmModal>
      ) : null}
      {asking === 'tags' && host ? (
        <Suspense>
          <HostTags host={host} close={() => setAsking(undefined)} done={reload} />
        </Suspense>
      ) : null}
    </SpaceBetween>
  );
}
