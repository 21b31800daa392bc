import type { AssayOutput } from '@assay/model/assay/operations.ts';
import { useCollection } from '@cloudscape-design/collection-hooks';
import Alert from '@cloudscape-design/components/alert';
import Header from '@cloudscape-design/components/header';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Table from '@cloudscape-design/components/table';
import TextFilter from '@cloudscape-design/components/text-filter';
import type { ReactNode } from 'react';
import { hrefOf } from '../../app/route.ts';
import { useSession } from '../../app/session-context.ts';
import { useData } from '../../app/use-data.ts';
import { useRoute } from '../../app/use-route.ts';
import { describeRuns } from '../../data/describe.ts';
import { FaultAlert } from '../../ui/fault-alert.tsx';
import { PageLink } from '../../ui/page-link.tsx';
import { SeverityBadge } from '../../ui/severity.tsx';

type Change = AssayOutput<'CompareRuns'>['changes'][number];

/** What came and went between two runs, and why. */
export function ComparePage(): ReactNode {
  const { assay, call } = useSession();
  const { query } = useRoute();
  const [before, after] = [query.get('before') ?? '', query.get('after') ?? ''];
  const { data, fault, loading, reload } = useData(`${before} ${after}`, async () => ({
    ...(await assay('CompareRuns', { beforeAssessmentRunArn: before, afterAssessmentRunArn: after })),
    runs: await describeRuns(call, [before, after]),
  }));
  const nameOf = (arn: string): string => data?.runs.find((run) => run.arn === arn)?.name ?? arn;
  const { items, collectionProps, filterProps } = useCollection(data?.changes ?? [], {
    filtering: { empty: 'Both runs found the same.', noMatch: 'No change matches.' },
    sorting: {},
  });
  return (
    <SpaceBetween size="m">
      <Header
        variant="h1"
        description={
          <>
            <PageLink href={hrefOf(['runs', before])}>{nameOf(before)}</PageLink>, and after it{' '}
            <PageLink href={hrefOf(['runs', after])}>{nameOf(after)}</PageLink>
          </>
        }
      >
        Compare runs
      </Header>
      <FaultAlert fault={fault} retry={reload} />
      {data?.notes.map((note) => (
        <Alert key={note.assessmentRunArn} type="warning" header={nameOf(note.assessmentRunArn)}>
          {note.caveat}
        </Alert>
      ))}
      <Table<Change>
        {...collectionProps}
        items={items}
        filter={<TextFilter {...filterProps} filteringPlaceholder="Find changes" filteringAriaLabel="Find changes" />}
        loading={loading}
        loadingText="Comparing"
        wrapLines
        ariaLabels={{ tableLabel: 'Changes' }}
        header={
          <Header variant="h2" {...(data ? { counter: `(${data.came} came, ${data.went} went)` } : {})}>
            Changes
          </Header>
        }
        columnDefinitions={[
          {
            id: 'change',
            sortingField: 'change',
            header: 'Change',
            cell: ({ change }) => (change === 'CAME' ? 'Came' : 'Went'),
          },
          {
            id: 'severity',
            sortingField: 'severity',
            header: 'Severity',
            cell: ({ severity }) => (severity ? <SeverityBadge severity={severity} /> : '–'),
          },
          {
            id: 'rule',
            sortingField: 'ruleName',
            header: 'Rule',
            isRowHeader: true,
            cell: ({ ruleName }) => <PageLink href={hrefOf(['findings', ruleName])}>{ruleName}</PageLink>,
          },
          {
            id: 'host',
            sortingField: 'hostname',
            header: 'Host',
            cell: ({ agentId, hostname }) => <PageLink href={hrefOf(['hosts', agentId])}>{hostname}</PageLink>,
          },
          { id: 'cause', header: 'Why', cell: ({ cause }) => cause.detail },
        ]}
      />
      {data?.truncated ? <Alert type="info">There are more changes than are shown here.</Alert> : null}
    </SpaceBetween>
  );
}
