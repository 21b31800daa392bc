import Button from '@cloudscape-design/components/button';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { type ReactNode, useState } from 'react';
import { useSession } from '../../app/session-context.ts';
import { useRoute } from '../../app/use-route.ts';
import { type FindingSearch, type FindingSummary, findingsCsv } from '../../data/all-findings-csv.ts';
import { searchWorstFirst } from '../../data/search-findings.ts';
import { useHeldKnowledge } from '../../data/use-held-knowledge.ts';
import { useRulesPackages } from '../../data/use-rules-packages.ts';
import { count } from '../../format.ts';
import { ActButton } from '../../ui/act-button.tsx';
import { download } from '../../ui/download.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import { faultWords } from '../../ui/fault-words.ts';
import { KnowledgeNotice } from '../../ui/knowledge-notice.tsx';
import { ListTable } from '../../ui/list-table.tsx';
import { EditAttributes } from './edit-attributes.tsx';
import { findingColumns } from './finding-columns.tsx';
import { FindingDetails } from './finding-details.tsx';
import { FindingFilter } from './finding-filter.tsx';
import { searchOf, tokensOfSearch } from './search.ts';

interface FindingsTableProps {
  /** What the list is of besides what the filter says: a run, a host. */
  readonly of?: FindingSearch;
  readonly id?: string;
  readonly headingTag?: 'h1' | 'h2';
  readonly without?: readonly ('host' | 'rule')[];
  readonly empty?: ReactNode;
}

/** Findings one by one, with all that SearchFindings filters by; details beside the list, CSV of all that matches. */
export function AllFindings({
  of = {},
  id = 'all-findings',
  headingTag = 'h1',
  without = [],
  empty,
}: FindingsTableProps): ReactNode {
  const { assay, showDetails, notify, whyNot } = useSession();
  const { query } = useRoute();
  const { nameOf } = useRulesPackages();
  const held = useHeldKnowledge();
  const tokens = tokensOfSearch(query);
  const filter = { ...searchOf(tokens), ...of };
  const [exported, setExported] = useState<number>();
  const [editing, setEditing] = useState<{ readonly arns: readonly string[]; readonly done: () => void }>();

  const exportCsv = async (): Promise<void> => {
    setExported(0);
    try {
      await download('findings.csv', 'text/csv', findingsCsv(assay, filter, setExported));
    } catch (fault) {
      const { title, text } = faultWords(fault);
      notify({ type: 'error', header: title, content: text });
    } finally {
      setExported(undefined);
    }
  };
  return (
    <SpaceBetween size="m">
      {headingTag === 'h1' ? <KnowledgeNotice held={held} /> : null}
      <ListTable<FindingSummary>
        id={id}
        title="Findings"
        wrap
        headingTag={headingTag}
        loadKey={JSON.stringify(filter)}
        keyOf={({ findingArn }) => findingArn}
        labelOf={({ ruleName, hostname }) => `${ruleName} on ${hostname}`}
        columns={findingColumns(nameOf, held, without)}
        load={(nextToken, size) => searchWorstFirst(assay, filter, nextToken, size)}
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
            <Button
              iconName="download"
              loading={exported !== undefined}
              loadingText={`${exported?.toLocaleString('en')} findings`}
              onClick={() => void exportCsv()}
            >
              CSV
            </Button>
          </>
        )}
        filter={<FindingFilter tokens={tokens} withHosts={!without.includes('host')} />}
        empty={tokens.length > 0 || !empty ? <EmptyState title="No finding matches" /> : empty}
      />
      {editing && whyNot('inspector:AddAttributesToFindings') === undefined ? (
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
      ) : null}
    </SpaceBetween>
  );
}
