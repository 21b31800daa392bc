import { runCaveat } from '@assay/model/run-caveat.ts';
import Alert from '@cloudscape-design/components/alert';
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import Container from '@cloudscape-design/components/container';
import CopyToClipboard from '@cloudscape-design/components/copy-to-clipboard';
import Header from '@cloudscape-design/components/header';
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Spinner from '@cloudscape-design/components/spinner';
import Tabs from '@cloudscape-design/components/tabs';
import { lazy, type ReactNode, Suspense, useRef, useState } from 'react';
import { ApiFault, type Call, type CallAssay } from '../../api.ts';
import { useDrawn } from '../../app/first-view.ts';
import { hrefOf } from '../../app/route.ts';
import { useItemName, useSession } from '../../app/session-context.ts';
import { useData } from '../../app/use-data.ts';
import { goTo, replaceQuery, useRoute } from '../../app/use-route.ts';
import { describeRuns, describeTemplates, type Run } from '../../data/describe.ts';
import { count, formatDuration } from '../../format.ts';
import { ActButton } from '../../ui/act-button.tsx';
import { ConfirmModal } from '../../ui/confirm-modal.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { FaultAlert } from '../../ui/fault-alert.tsx';
import { Later } from '../../ui/later.tsx';
import { PageLink } from '../../ui/page-link.tsx';
import { RulesPackageNames } from '../../ui/rules-package-names.tsx';
import { hasEnded, RunState } from '../../ui/run-state.tsx';
import { countsOf, SeverityCounts } from '../../ui/severity.tsx';
import { When } from '../../ui/when.tsx';
import { AllFindings } from '../findings/all-findings.tsx';
import { CoverageTab } from './coverage-tab.tsx';
import { HostsTab } from './hosts-tab.tsx';
import { NotAssessedTab } from './not-assessed-tab.tsx';
import { ProgressTab } from './progress-tab.tsx';

const ReportTab = lazy(() => import('./report-tab.tsx').then((module) => ({ default: module.ReportTab })));
const StopRun = lazy(() => import('./stop-run.tsx').then((module) => ({ default: module.StopRun })));

/** A run: its state in words above everything, then what it found, what it did not assess, and how far it looked. */
export function RunPage({ id: arn }: { readonly id: string }): ReactNode {
  const { call, assay } = useSession();
  const { query } = useRoute();
  const drawn = useDrawn();
  const [asking, setAsking] = useState<'stop' | 'reassess' | undefined>();
  const [going, setGoing] = useState(true);
  const isGoing = useRef(false);
  const { data, fault, reload } = useData(
    arn,
    async () => {
      // Together: only of a run that is known to go on there is no coverage to ask for.
      const [[run], early] = await Promise.all([
        describeRuns(call, [arn]),
        isGoing.current ? undefined : coverageOf(assay, arn),
      ]);
      const ended = run !== undefined && hasEnded(run.state);
      isGoing.current = run !== undefined && !ended;
      setGoing(isGoing.current);
      const coverage = ended ? (early ?? (await coverageOf(assay, arn))) : undefined;
      return { run, coverage, exclusions: coverage?.exclusions ?? (ended ? await exclusionsOf(call, arn) : 0) };
    },
    going ? 2000 : undefined,
  );
  const run = data?.run;
  useItemName(run?.name);
  const { data: about } = useData(`${arn} ${drawn} ${run?.completedAt}`, async () => {
    if (!drawn || !run) return undefined;
    const [[template], before] = await Promise.all([
      describeTemplates(call, [run.assessmentTemplateArn]),
      hasEnded(run.state) ? runBefore(call, run) : Promise.resolve(undefined),
    ]);
    return { template, before };
  });
  if (fault !== undefined && !data) return <FaultAlert fault={fault} retry={reload} />;
  if (!data) return <Spinner size="large" />;
  const { coverage, exclusions } = data;
  if (!run) {
    return (
      <EmptyState title="There is no such run">
        It was deleted, or it belongs to another account or region.
        <Button href="#/runs">All runs</Button>
      </EmptyState>
    );
  }
  const ended = hasEnded(run.state);
  const caveat = coverage?.caveat ?? runCaveat({ state: run.state, ...(coverage ? { hosts: coverage.hosts } : {}) });
  const found = Object.values(run.findingCounts).reduce((sum, number) => sum + number, 0);
  const tab = query.get('tab') ?? (ended ? 'findings' : 'progress');
  const counted = (text: string, number: number | undefined): string =>
    number === undefined ? text : `${text} (${number.toLocaleString('en')})`;
  return (
    <SpaceBetween size="l">
      <Header
        variant="h1"
        actions={
          <SpaceBetween direction="horizontal" size="xs">
            {ended && about?.before !== undefined ? (
              <Button href={hrefOf(['compare'], { before: about.before, after: arn })}>
                Compare with the run before
              </Button>
            ) : null}
            {ended ? (
              <ActButton action="assay:ReassessRun" onClick={() => setAsking('reassess')}>
                Re-evaluate
              </ActButton>
            ) : (
              <ActButton action="inspector:StopAssessmentRun" onClick={() => setAsking('stop')}>
                Stop
              </ActButton>
            )}
            <Button variant="primary" disabled={!ended} onClick={() => replaceQuery({ tab: 'report' })}>
              Report
            </Button>
          </SpaceBetween>
        }
      >
        {run.name}
      </Header>
      <FaultAlert fault={fault} retry={reload} />
      {caveat === undefined ? null : (
        <Alert type={ended ? 'warning' : 'info'} header={ended ? undefined : 'In progress'}>
          {caveat}
        </Alert>
      )}
      {exclusions > 0 && tab !== 'not-assessed' ? (
        <Alert
          type="warning"
          action={<Button onClick={() => replaceQuery({ tab: 'not-assessed' })}>What was not assessed</Button>}
        >
          This run did not assess everything. No finding there does not mean that it is safe.
        </Alert>
      ) : null}
      <Container>
        <KeyValuePairs
          columns={4}
          items={[
            { label: 'State', value: <RunState state={run.state} /> },
            {
              label: 'Findings',
              value: <SeverityCounts counts={countsOf(run.findingCounts)} none={coverage?.whole ? 'None' : '–'} />,
            },
            { label: 'Template', value: about ? (about.template?.name ?? 'deleted') : '…' },
            { label: 'Created', value: <When at={run.createdAt} /> },
            {
              label: 'Duration',
              value:
                run.startedAt === undefined || run.completedAt === undefined
                  ? `at most ${formatDuration(run.durationInSeconds)} of collection`
                  : formatDuration(run.completedAt - run.startedAt),
            },
            { label: 'Hosts', value: coverage?.hosts ?? '–' },
            {
              label: 'Rules packages',
              value: (
                <Later until={count(run.rulesPackageArns.length, 'rules package')}>
                  <RulesPackageNames arns={run.rulesPackageArns} />
                </Later>
              ),
            },
            {
              label: 'ARN',
              value: (
                <CopyToClipboard
                  variant="inline"
                  textToCopy={arn}
                  textToDisplay={arn.split('/').at(-1) ?? arn}
                  copyButtonAriaLabel="Copy the ARN"
                  copySuccessText="Copied"
                  copyErrorText="It could not be copied"
                />
              ),
            },
          ]}
        />
      </Container>
      <Tabs
        activeTabId={tab}
        ariaLabel="Parts of the run"
        onChange={({ detail }) => replaceQuery({ tab: detail.activeTabId })}
        tabs={[
          ...(ended ? [] : [{ id: 'progress', label: 'Progress', content: <ProgressTab run={run} /> }]),
          {
            id: 'findings',
            label: counted('Findings', ended ? found : undefined),
            disabled: !ended,
            disabledReason: 'Findings are listed when the run has ended',
            content: (
              <AllFindings
                id="run-findings"
                headingTag="h2"
                of={{ assessmentRunArns: [arn] }}
                empty={
                  <EmptyState title={coverage?.whole ? 'Nothing was found' : 'No finding'}>
                    {coverage?.whole
                      ? 'Every rules package was evaluated on every host.'
                      : (caveat ?? 'Not everything was assessed.')}
                  </EmptyState>
                }
              />
            ),
          },
          {
            id: 'not-assessed',
            label: counted('Not assessed', !ended || (exclusions === 100 && !coverage) ? undefined : exclusions),
            content: <NotAssessedTab arn={arn} ended={ended} whole={coverage?.whole === true} />,
          },
          { id: 'coverage', label: 'Coverage', content: <CoverageTab arn={arn} /> },
          {
            id: 'hosts',
            label: counted('Hosts', coverage?.hosts),
            content: <HostsTab arn={arn} refresh={ended ? undefined : 5000} />,
          },
          {
            id: 'report',
            label: 'Report',
            disabled: !ended,
            disabledReason: 'Reports are made of runs that have ended',
            content: (
              <Suspense fallback={<Spinner />}>
                <ReportTab arn={arn} />
              </Suspense>
            ),
          },
        ]}
      />
      <Box color="text-body-secondary">
        <PageLink href={hrefOf(['runs'], { template: run.assessmentTemplateArn })}>All runs of this template</PageLink>
      </Box>
      {asking === 'stop' ? (
        <Suspense>
          <StopRun arn={arn} done={reload} close={() => setAsking(undefined)} />
        </Suspense>
      ) : null}
      {asking === 'reassess' ? (
        <ConfirmModal
          title="Re-evaluate this run"
          confirm="Re-evaluate"
          close={() => setAsking(undefined)}
          act={async () => {
            const { assessmentRunArn } = await assay('ReassessRun', { assessmentRunArn: arn });
            goTo(hrefOf(['runs', assessmentRunArn]));
          }}
        >
          A new run evaluates the stored evidence of this one against the current advisories. No host is contacted.
        </ConfirmModal>
      ) : null}
    </SpaceBetween>
  );
}

/** What a run looked at; undefined where the key may not know. */
const coverageOf = (assay: CallAssay, assessmentRunArn: string) =>
  assay('GetRunCoverage', { assessmentRunArn, maxResults: 1 }).catch(() => undefined);

/** How many exclusions a run has, 100 for more: for keys that may not know its coverage. */
const exclusionsOf = (call: Call, assessmentRunArn: string): Promise<number> =>
  call('ListExclusions', { assessmentRunArn, maxResults: 100 }).then(
    ({ exclusionArns }) => exclusionArns.length,
    (refused: unknown) => {
      if (refused instanceof ApiFault && refused.type === 'NoSuchEntityException') return 0;
      throw refused;
    },
  );

/** The run of the same template that ended last before one began. */
async function runBefore(call: Call, run: Run): Promise<string | undefined> {
  const { assessmentRunArns } = await call('ListAssessmentRuns', {
    assessmentTemplateArns: [run.assessmentTemplateArn],
    filter: { states: ['COMPLETED', 'COMPLETED_WITH_ERRORS'], completionTimeRange: { endDate: run.createdAt } },
    maxResults: 1,
  });
  return assessmentRunArns[0];
}
