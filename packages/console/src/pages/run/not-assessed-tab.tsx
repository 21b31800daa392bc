import type { ReactNode } from 'react';
import { hrefOf } from '../../app/route.ts';
import { useSession } from '../../app/session-context.ts';
import { describeExclusions, type Exclusion } from '../../data/describe.ts';
import { after } from '../../data/pages.ts';
import { useRulesPackages } from '../../data/use-rules-packages.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import { LinkedText } from '../../ui/linked-text.tsx';
import { ListTable } from '../../ui/list-table.tsx';
import { PageLink } from '../../ui/page-link.tsx';

interface NotAssessedTabProps {
  readonly arn: string;
  readonly ended: boolean;
  /** Every rules package was evaluated on every host. */
  readonly whole: boolean;
}

/** What a run left out, and why: its exclusions. */
export function NotAssessedTab({ arn, ended, whole }: NotAssessedTabProps): ReactNode {
  const { call } = useSession();
  const { nameOf } = useRulesPackages();
  const scopeOf = ({ key, value = '' }: Exclusion['scopes'][number]): ReactNode =>
    key === 'INSTANCE_ID' ? (
      <PageLink key={value} href={hrefOf(['hosts', value])}>
        {value}
      </PageLink>
    ) : (
      <span key={value}>{nameOf(value)}</span>
    );
  return (
    <ListTable<Exclusion>
      id="exclusions"
      title="Not assessed"
      wrap
      headingTag="h2"
      loadKey={arn}
      keyOf={(exclusion) => exclusion.arn}
      load={async (nextToken, maxResults) => {
        const listed = await call('ListExclusions', { assessmentRunArn: arn, maxResults, ...after(nextToken) });
        return { items: await describeExclusions(call, listed.exclusionArns), nextToken: listed.nextToken };
      }}
      columns={[
        { id: 'title', header: 'What', width: 190, isRowHeader: true, cell: ({ title }) => title },
        { id: 'scope', header: 'Where', width: 180, cell: ({ scopes }) => scopes.map(scopeOf) },
        { id: 'why', header: 'Why', width: 300, cell: ({ description }) => <LinkedText text={description} /> },
        {
          id: 'do',
          header: 'What to do',
          width: 300,
          cell: ({ recommendation }) => <LinkedText text={recommendation} />,
        },
      ]}
      empty={
        whole ? (
          <EmptyState title="Nothing was left out">Every rules package was evaluated on every host.</EmptyState>
        ) : (
          <EmptyState title={ended ? 'No exclusion is recorded' : 'Not known yet'}>
            {ended ? 'The coverage says what was evaluated.' : 'It is known when the run has ended.'}
          </EmptyState>
        )
      }
    />
  );
}
