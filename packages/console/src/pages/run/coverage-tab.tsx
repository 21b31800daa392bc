import type { AssayOutput } from '@assay/model/assay/operations.ts';
import Alert from '@cloudscape-design/components/alert';
import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { type ReactNode, useState } from 'react';
import { hrefOf } from '../../app/route.ts';
import { useSession } from '../../app/session-context.ts';
import { after } from '../../data/pages.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import { ListTable } from '../../ui/list-table.tsx';
import { PageLink } from '../../ui/page-link.tsx';

type Coverage = AssayOutput<'GetRunCoverage'>;
type HostCoverage = Coverage['byHost'][number];

/** What a run looked at: verdicts in all, by host and package, and why rules were not assessed. */
export function CoverageTab({ arn }: { readonly arn: string }): ReactNode {
  const { assay } = useSession();
  const [whole, setWhole] = useState<Coverage>();
  return (
    <SpaceBetween size="m">
      {whole?.caveat === undefined ? null : <Alert type="warning">{whole.caveat}</Alert>}
      {whole ? (
        <Container header={<Header variant="h2">Verdicts</Header>}>
          <KeyValuePairs
            columns={4}
            items={[
              { label: 'Passed', value: whole.verdicts.passed.toLocaleString('en') },
              { label: 'Findings', value: whole.verdicts.finding.toLocaleString('en') },
              { label: 'Not applicable', value: whole.verdicts.notApplicable.toLocaleString('en') },
              { label: 'Not assessed', value: whole.verdicts.notAssessed.toLocaleString('en') },
            ]}
          />
        </Container>
      ) : null}
      <ListTable<HostCoverage>
        id="coverage"
        title="By host and rules package"
        headingTag="h2"
        loadKey={arn}
        keyOf={({ agentId, packageName }) => `${agentId} ${packageName}`}
        load={async (nextToken, maxResults) => {
          const found = await assay('GetRunCoverage', { assessmentRunArn: arn, maxResults, ...after(nextToken) });
          setWhole(found);
          return { items: found.byHost, nextToken: found.nextToken };
        }}
        columns={[
          {
            id: 'host',
            header: 'Host',
            width: 200,
            isRowHeader: true,
            cell: ({ agentId, hostname }) => (
              <PageLink href={hrefOf(['hosts', agentId])}>{hostname ?? agentId}</PageLink>
            ),
          },
          { id: 'package', header: 'Rules package', width: 260, cell: ({ packageName }) => packageName },
          { id: 'passed', header: 'Passed', width: 100, cell: ({ verdicts }) => verdicts.passed },
          { id: 'findings', header: 'Findings', width: 100, cell: ({ verdicts }) => verdicts.finding },
          {
            id: 'not-applicable',
            header: 'Not applicable',
            width: 140,
            cell: ({ verdicts }) => verdicts.notApplicable,
          },
          { id: 'not-assessed', header: 'Not assessed', width: 140, cell: ({ verdicts }) => verdicts.notAssessed },
          { id: 'because', header: 'Because', width: 320, cell: ({ notAssessedBecause }) => notAssessedBecause ?? '–' },
        ]}
        empty={<EmptyState title="Nothing was evaluated" />}
      />
      {whole && whole.reasons.length > 0 ? (
        <Container header={<Header variant="h2">Why rules were not assessed</Header>}>
          <ul>
            {whole.reasons.map(({ packageName, reason, count }) => (
              <li key={`${packageName} ${reason}`}>
                {packageName}: {reason} ({count.toLocaleString('en')})
              </li>
            ))}
          </ul>
        </Container>
      ) : null}
    </SpaceBetween>
  );
}
