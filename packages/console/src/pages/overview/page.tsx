import type { AssayOutput } from '@assay/model/assay/operations.ts';
import Alert from '@cloudscape-design/components/alert';
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import ColumnLayout from '@cloudscape-design/components/column-layout';
import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import SpaceBetween from '@cloudscape-design/components/space-between';
import StatusIndicator from '@cloudscape-design/components/status-indicator';
import { lazy, type ReactNode, Suspense } from 'react';
import { useTellDrawn } from '../../app/first-view.ts';
import { hrefOf } from '../../app/route.ts';
import { useSession } from '../../app/session-context.ts';
import { useData } from '../../app/use-data.ts';
import { count } from '../../format.ts';
import { FaultAlert } from '../../ui/fault-alert.tsx';
import { PageLink } from '../../ui/page-link.tsx';
import { RunState } from '../../ui/run-state.tsx';
import { SeverityBadge } from '../../ui/severity.tsx';
import { When } from '../../ui/when.tsx';
import { WhenSeen } from '../../ui/when-seen.tsx';
import { Figures } from './figures.tsx';
import { hasAdvisories } from './has-advisories.ts';

const Trend = lazy(() => import('./trend.tsx').then((module) => ({ default: module.Trend })));

type Overview = AssayOutput<'GetOverview'>;

/** What is urgent, what was not assessed, and what goes on. */
export function OverviewPage(): ReactNode {
  const { assay } = useSession();
  const { data, fault, loading, reload } = useData('overview', () => assay('GetOverview', {}), 15_000);
  useTellDrawn(data !== undefined);
  return (
    <SpaceBetween size="l">
      <Header
        variant="h1"
        actions={
          <SpaceBetween direction="horizontal" size="xs">
            <Button iconName="refresh" ariaLabel="Load the overview again" loading={loading} onClick={reload} />
            <Button href={hrefOf(['setup'])} variant="primary">
              Set up an assessment
            </Button>
          </SpaceBetween>
        }
      >
        Overview
      </Header>
      <FaultAlert fault={fault} retry={reload} />
      {data === undefined ? null : <Fleet overview={data} />}
    </SpaceBetween>
  );
}

function Fleet({ overview }: { readonly overview: Overview }): ReactNode {
  const { hosts, trend, runsInProgress } = overview;
  if (hosts === 0) return <NoHosts />;
  return (
    <SpaceBetween size="l">
      <Figures overview={overview} />
      <ColumnLayout columns={2} minColumnWidth={440}>
        <Notable overview={overview} />
        <NotAssessed overview={overview} />
      </ColumnLayout>
      {runsInProgress.length === 0 ? null : <Going overview={overview} />}
      {trend.length === 0 ? null : (
        <Container header={<Header variant="h2">Findings of the last runs</Header>}>
          <WhenSeen>
            <Suspense fallback="Loading">
              <Trend points={trend} />
            </Suspense>
          </WhenSeen>
        </Container>
      )}
      <Feeds overview={overview} />
    </SpaceBetween>
  );
}

const NoHosts = (): ReactNode => (
  <Container header={<Header variant="h2">No host is enrolled yet</Header>}>
    <SpaceBetween size="m">
      <Box>Assay assesses hosts by an agent on each of them. Enrol the first one: you get a command to run there.</Box>
      <Button variant="primary" href={hrefOf(['hosts'], { enrol: 'yes' })}>
        Enrol hosts
      </Button>
    </SpaceBetween>
  </Container>
);

function Notable({ overview: { notable } }: { readonly overview: Overview }): ReactNode {
  return (
    <Container
      header={
        <Header variant="h2" actions={<Button href={hrefOf(['findings'])}>All findings</Button>}>
          Most urgent
        </Header>
      }
    >
      {notable.length === 0 ? (
        'The newest runs found nothing. What they did not assess stands beside this.'
      ) : (
        <div className="scroll-x">
          <table className="list">
            <thead>
              <tr>
                <th scope="col">Severity</th>
                <th scope="col">Rule</th>
                <th scope="col">Package</th>
                <th scope="col">EPSS</th>
                <th scope="col">Hosts</th>
                <th scope="col">Fix</th>
              </tr>
            </thead>
            <tbody>
              {notable.map((group) => (
                <tr key={group.name}>
                  <td>
                    <SeverityBadge severity={group.severity} />
                  </td>
                  <td className={/^CVE-/.test(group.name) ? 'one-line' : ''}>
                    <PageLink href={hrefOf(['findings', group.name])}>{group.title ?? group.name}</PageLink>
                    {group.knownExploited > 0 ? (
                      <div>
                        <StatusIndicator type="error">Known exploited</StatusIndicator>
                      </div>
                    ) : null}
                  </td>
                  <td>{group.packages.slice(0, 2).join(', ') || '–'}</td>
                  <td>{group.epss === undefined ? '–' : `${(group.epss * 100).toFixed(1)}\u00a0%`}</td>
                  <td>{group.hosts}</td>
                  <td>{group.fixable > 0 ? 'Yes' : group.packages.length > 0 ? 'None' : '–'}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </Container>
  );
}

/** As prominent as what was found: the absence of a finding says nothing where nobody looked. */
function NotAssessed({
  overview: { notAssessed, hosts, hostsByAge, feeds },
}: {
  readonly overview: Overview;
}): ReactNode {
  return (
    <Container header={<Header variant="h2">Not assessed</Header>}>
      <SpaceBetween size="s">
        {hasAdvisories({ feeds }) ? null : (
          <Alert type="warning" action={<Button href={hrefOf(['feeds'])}>Feeds</Button>}>
            Vulnerabilities are not assessed: no advisories have been downloaded yet.
          </Alert>
        )}
        {hostsByAge.never > 0 ? (
          <StatusIndicator type="warning">
            <PageLink href={hrefOf(['hosts'])}>{count(hostsByAge.never, 'host')}</PageLink> never took part in a run
          </StatusIndicator>
        ) : null}
        {notAssessed.length === 0 ? (
          <Box>{hostsByAge.never < hosts ? 'The newest runs left nothing out.' : 'No host was assessed yet.'}</Box>
        ) : (
          <div className="scroll-x">
            <table className="list">
              <thead>
                <tr>
                  <th scope="col">What</th>
                  <th scope="col">Hosts</th>
                  <th scope="col">Run</th>
                </tr>
              </thead>
              <tbody>
                {notAssessed.map((item) => (
                  <tr key={item.title}>
                    <td>
                      {item.title}
                      {item.recommendation === undefined ? null : (
                        <Box color="text-body-secondary" fontSize="body-s">
                          {item.recommendation}
                        </Box>
                      )}
                    </td>
                    <td>{item.hosts === 0 ? 'All' : item.hosts}</td>
                    <td>
                      <PageLink href={hrefOf(['runs', item.assessmentRunArn], { tab: 'not-assessed' })}>Run</PageLink>
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        )}
      </SpaceBetween>
    </Container>
  );
}

const Going = ({ overview: { runsInProgress } }: { readonly overview: Overview }): ReactNode => (
  <Container header={<Header variant="h2">In progress</Header>}>
    <SpaceBetween size="xs">
      {runsInProgress.map((run) => (
        <div key={run.assessmentRunArn}>
          <PageLink href={hrefOf(['runs', run.assessmentRunArn])}>{run.name}</PageLink> <RunState state={run.state} />{' '}
          <Box variant="span" color="text-body-secondary">
            evidence from {run.delivered} of {count(run.hosts, 'host')}
          </Box>
        </div>
      ))}
    </SpaceBetween>
  </Container>
);

function Feeds({ overview: { feeds } }: { readonly overview: Overview }): ReactNode {
  const held = feeds.filter(({ records }) => records > 0);
  const bad = feeds.filter(({ old, error }) => old || error !== undefined);
  return (
    <Container
      header={
        <Header variant="h2" actions={<Button href={hrefOf(['feeds'])}>All feeds</Button>}>
          Advisories
        </Header>
      }
    >
      {held.length === 0 ? (
        'None have been downloaded yet.'
      ) : (
        <ColumnLayout columns={3} minColumnWidth={200}>
          {held.slice(0, 6).map((feed) => (
            <div key={feed.name}>
              <Box variant="awsui-key-label">{feed.name}</Box>
              <StatusIndicator type={feed.error !== undefined ? 'error' : feed.old ? 'warning' : 'success'}>
                newest record <When at={feed.newestAt} ago />
              </StatusIndicator>
            </div>
          ))}
        </ColumnLayout>
      )}
      {bad.length > 0 ? (
        <Box margin={{ top: 's' }}>
          {count(bad.length, 'feed')} old or failed: {bad.map(({ name }) => name).join(', ')}.
        </Box>
      ) : null}
    </Container>
  );
}
