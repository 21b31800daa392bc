import Button from '@cloudscape-design/components/button';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { lazy, type ReactNode, Suspense, useState } from 'react';
import { useSession } from '../../app/session-context.ts';
import { pushQuery, useRoute } from '../../app/use-route.ts';
import { type FindingSearch, type FindingSummary, findingsCsv } from '../../data/all-findings-csv.ts';
import { after } from '../../data/pages.ts';
import { useHeldKnowledge } from '../../data/use-held-knowledge.ts';
import { count } from '../../format.ts';
import { ActButton } from '../../ui/act-button.tsx';
import { CsvButton } from '../../ui/csv-button.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { FilterField } from '../../ui/filter-field.tsx';
import { KnowledgeNotice } from '../../ui/knowledge-notice.tsx';
import { Later } from '../../ui/later.tsx';
import { ListTable } from '../../ui/list-table.tsx';
import { PageLink } from '../../ui/page-link.tsx';
import { findingColumns } from './finding-columns.tsx';
import { changesOf, FINDING_FILTER, searchOf, tokensOfSearch } from './search.ts';

const EditAttributes = lazy(() =>
  import('./edit-attributes.tsx').then((module) => ({ default: module.EditAttributes })),
);
const FindingDetails = lazy(() =>
  import('./finding-details.tsx').then((module) => ({ default: module.FindingDetails })),
);
const FindingFilter = lazy(() => import('./finding-filter.tsx').then((module) => ({ default: module.FindingFilter })));

interface FindingsTableProps {
  /** What the list is of besides what the filter says: a run, a host. */
  readonly of?: FindingSearch;
  readonly id?: string;
  readonly headingTag?: 'h1' | 'h2';
  readonly without?: readonly ('host' | 'rule')[];
  readonly empty?: ReactNode;
  /** Stands above the filter. */
  readonly above?: ReactNode;
}

/** Findings one by one, with all that SearchFindings filters by; details beside the list, CSV of all that matches. */
export function AllFindings({
  of = {},
  id = 'all-findings',
  headingTag = 'h1',
  without = [],
  empty,
  above,
}: FindingsTableProps): ReactNode {
  const { assay, showDetails, notify, whyNot } = useSession();
  const { query } = useRoute();
  const held = useHeldKnowledge();
  const tokens = tokensOfSearch(query);
  const filter = { ...searchOf(tokens), ...of };
  const [editing, setEditing] = useState<{ readonly arns: readonly string[]; readonly done: () => void }>();

  return (
    <SpaceBetween size="m">
      {headingTag === 'h1' ? <KnowledgeNotice /> : null}
      <ListTable<FindingSummary>
        id={id}
        title="Findings"
        wrap
        headingTag={headingTag}
        loadKey={JSON.stringify(filter)}
        keyOf={({ findingArn }) => findingArn}
        labelOf={({ ruleName, hostname }) => `${ruleName} on ${hostname}`}
        columns={findingColumns(held, without)}
        load={async (nextToken, maxResults) => {
          const found = await assay('SearchFindings', { filter, sortBy: 'SEVERITY', maxResults, ...after(nextToken) });
          return { items: found.findings, nextToken: found.nextToken };
        }}
        selection="multi"
        onSelect={(selected) => {
          const [finding] = selected;
          showDetails(
            finding && selected.length === 1
              ? { title: finding.ruleName, content: <FindingDetails key={finding.findingArn} finding={finding} /> }
              : undefined,
          );
        }}
        actions={(selected, reload) => (
          <>
            <ActButton
              action="inspector:AddAttributesToFindings"
              disabled={selected.length === 0}
              disabledReason="Choose findings"
              onClick={() => setEditing({ arns: selected.map(({ findingArn }) => findingArn), done: reload })}
            >
              Edit attributes
            </ActButton>
            <CsvButton file="findings.csv" of="findings" lines={(progress) => findingsCsv(assay, filter, progress)} />
          </>
        )}
        filter={
          <SpaceBetween size="s">
            {above}
            <Later until={<FilterField placeholder={FINDING_FILTER} />}>
              <FindingFilter tokens={tokens} withHosts={!without.includes('host')} />
            </Later>
          </SpaceBetween>
        }
        empty={
          tokens.length > 0 ? (
            <EmptyState title="No finding matches">
              <Button onClick={() => pushQuery(changesOf([]))}>Clear the filter</Button>
            </EmptyState>
          ) : (
            (empty ?? (
              <EmptyState title="No run found anything">
                Hosts that were not assessed may still be vulnerable:{' '}
                <PageLink href="#/">see what was not assessed</PageLink>
              </EmptyState>
            ))
          )
        }
      />
      {editing && whyNot('inspector:AddAttributesToFindings') === undefined ? (
        <Suspense>
          <EditAttributes
            arns={editing.arns}
            close={() => setEditing(undefined)}
            done={() => {
              notify({
                type: 'success',
                content: `The attributes of ${count(editing.arns.length, 'finding')} are changed.`,
              });
              editing.done();
            }}
          />
        </Suspense>
      ) : null}
    </SpaceBetween>
  );
}
