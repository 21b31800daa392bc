import Alert from '@cloudscape-design/components/alert';
import Button from '@cloudscape-design/components/button';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { lazy, type ReactNode, Suspense, useState } from 'react';
import { hrefOf } from '../../app/route.ts';
import { useSession } from '../../app/session-context.ts';
import { goTo, useRoute } from '../../app/use-route.ts';
import { describeRuns, type Run } from '../../data/describe.ts';
import { after } from '../../data/pages.ts';
import { count, formatDuration } from '../../format.ts';
import { ActButton } from '../../ui/act-button.tsx';
import { ConfirmModal } from '../../ui/confirm-modal.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { FilterField } from '../../ui/filter-field.tsx';
import { Later } from '../../ui/later.tsx';
import { type Column, ListTable } from '../../ui/list-table.tsx';
import { PageLink } from '../../ui/page-link.tsx';
import { RulesPackageNames } from '../../ui/rules-package-names.tsx';
import { hasEnded, RunState } from '../../ui/run-state.tsx';
import { countsOf, SeverityCounts } from '../../ui/severity.tsx';
import { When } from '../../ui/when.tsx';
import { runsQuery } from './filter.ts';
import { queryOf, RUN_FILTER, tokensOf } from './filtering.ts';

const StartRun = lazy(() => import('./start-run.tsx').then((module) => ({ default: module.StartRun })));
const RunFilter = lazy(() => import('./run-filter.tsx').then((module) => ({ default: module.RunFilter })));

/** Every run, with exactly the filters of ListAssessmentRuns; the address holds them. */
export function RunsPage(): ReactNode {
  const { call, notify } = useSession();
  const { query } = useRoute();
  const tokens = tokensOf(query);
  const asked = queryOf(tokens);
  const { input, problems } = runsQuery(asked);
  const [starting, setStarting] = useState(false);
  const [deleting, setDeleting] = useState<{ readonly runs: readonly Run[]; readonly done: () => void }>();

  return (
    <>
      <ListTable<Run>
        id="runs"
        title="Runs"
        wrap
        columns={columns}
        keyOf={({ arn }) => arn}
        labelOf={({ name }) => name}
        loadKey={asked.toString()}
        load={async (nextToken, maxResults) => {
          const listed = await call('ListAssessmentRuns', {
            ...input,
            maxResults,
            ...after(nextToken),
          });
          return { items: await describeRuns(call, listed.assessmentRunArns), nextToken: listed.nextToken };
        }}
        refresh={10_000}
        selection="multi"
        filter={
          <SpaceBetween size="xs">
            <Later until={<FilterField placeholder={RUN_FILTER} />}>
              <RunFilter tokens={tokens} />
            </Later>
            {problems.map(({ field, message }) => (
              <Alert key={field} type="warning">
                {message}
              </Alert>
            ))}
          </SpaceBetween>
        }
        actions={(selected, reload) => (
          <>
            <Button
              disabled={selected.length !== 2}
              disabledReason="Choose two runs"
              onClick={() => {
                const [later, earlier] = selected.toSorted((a, b) => b.createdAt - a.createdAt);
                goTo(hrefOf(['compare'], { before: earlier?.arn, after: later?.arn }));
              }}
            >
              Compare
            </Button>
            <ActButton
              action="inspector:DeleteAssessmentRun"
              disabled={selected.length === 0 || !selected.every(({ state }) => hasEnded(state))}
              disabledReason="Choose runs that have ended"
              onClick={() => setDeleting({ runs: selected, done: reload })}
            >
              Delete
            </ActButton>
            <ActButton action="inspector:StartAssessmentRun" variant="primary" onClick={() => setStarting(true)}>
              Start a run
            </ActButton>
          </>
        )}
        empty={
          tokens.length > 0 ? (
            <EmptyState title="No run matches">
              <Button onClick={() => goTo('#/runs')}>Clear the filter</Button>
            </EmptyState>
          ) : (
            <EmptyState title="No run yet">
              A run assesses the hosts of a target by the rules packages of a template.
              <Button href="#/setup">Set up an assessment</Button>
            </EmptyState>
          )
        }
      />
      {starting ? (
        <Suspense>
          <StartRun close={() => setStarting(false)} />
        </Suspense>
      ) : null}
      {deleting ? (
        <ConfirmModal
          title={`Delete ${count(deleting.runs.length, 'run')}`}
          confirm="Delete"
          close={() => setDeleting(undefined)}
          act={async () => {
            for (const { arn } of deleting.runs) await call('DeleteAssessmentRun', { assessmentRunArn: arn });
            notify({ type: 'success', content: `${count(deleting.runs.length, 'run')} deleted.` });
            deleting.done();
          }}
        >
          Findings, exclusions and reports go with {deleting.runs.length === 1 ? 'it' : 'them'}. This cannot be undone.
        </ConfirmModal>
      ) : null}
    </>
  );
}

const columns: readonly Column<Run>[] = [
  {
    id: 'name',
    header: 'Name',
    width: 230,
    isRowHeader: true,
    cell: ({ arn, name }) => <PageLink href={hrefOf(['runs', arn])}>{name}</PageLink>,
  },
  { id: 'state', header: 'State', width: 200, cell: ({ state }) => <RunState state={state} /> },
  {
    id: 'findings',
    header: 'Findings',
    width: 205,
    cell: ({ state, findingCounts }) => {
      const counts = countsOf(findingCounts);
      // Nothing was found is said only where somebody looked.
      return <SeverityCounts short counts={counts} none={state.startsWith('COMPLETED') ? 'None' : '–'} />;
    },
  },
  { id: 'created', header: 'Created', width: 135, cell: ({ createdAt }) => <When at={createdAt} /> },
  {
    id: 'took',
    header: 'Duration',
    width: 120,
    cell: ({ startedAt, completedAt }) =>
      startedAt === undefined || completedAt === undefined ? '–' : formatDuration(completedAt - startedAt),
  },
  {
    id: 'packages',
    header: 'Rules packages',
    width: 300,
    optional: true,
    cell: ({ rulesPackageArns }) => <RulesPackageNames arns={rulesPackageArns} />,
  },
  {
    id: 'completed',
    header: 'Ended',
    width: 220,
    optional: true,
    cell: ({ completedAt }) => <When at={completedAt} />,
  },
  { id: 'arn', header: 'ARN', width: 300, optional: true, cell: ({ arn }) => arn },
];
