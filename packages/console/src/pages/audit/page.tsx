import type { AssayOutput } from '@assay/model/assay/operations.ts';
import Checkbox from '@cloudscape-design/components/checkbox';
import Select from '@cloudscape-design/components/select';
import SpaceBetween from '@cloudscape-design/components/space-between';
import StatusIndicator from '@cloudscape-design/components/status-indicator';
import TextFilter from '@cloudscape-design/components/text-filter';
import type { ReactNode } from 'react';
import { useSession } from '../../app/session-context.ts';
import { replaceQuery, useRoute } from '../../app/use-route.ts';
import { after } from '../../data/pages.ts';
import { formatUtc } from '../../format.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import { type Column, ListTable } from '../../ui/list-table.tsx';
import { When } from '../../ui/when.tsx';
import { indented } from '../keys/policy-document.tsx';

type AuditEvent = AssayOutput<'ListAuditEvents'>['events'][number];

const spans = [
  { value: '1', label: 'The last hour' },
  { value: '24', label: 'The last day' },
  { value: '168', label: 'The last week' },
  { value: '720', label: 'The last 30 days' },
];

/** Every call of the account, as the server that answers has it. */
export function AuditPage(): ReactNode {
  const { assay, showDetails } = useSession();
  const { query } = useRoute();
  const hours = query.get('hours') ?? '1';
  const operation = query.get('operation') ?? '';
  const errorsOnly = query.has('errors');
  return (
    <ListTable<AuditEvent>
      id="audit"
      title="Audit trail"
      description="The calls of this account at the server that answers, the oldest first."
      loadKey={`${hours} ${operation} ${errorsOnly}`}
      keyOf={({ record }) => record}
      labelOf={({ operation, eventTime }) => `${operation}, ${formatUtc(eventTime)}`}
      load={async (nextToken, maxResults) => {
        // The first page fixes what the pages after it are of.
        const since = Math.floor(Date.now() / 60_000) * 60 - Number(hours) * 3600;
        const filter = {
          since: sinceOf(`${hours} ${operation} ${errorsOnly}`, nextToken, since),
          ...(/^[A-Za-z]+$/.test(operation) ? { operation } : {}),
          ...(errorsOnly ? { errorsOnly } : {}),
        };
        const found = await assay('ListAuditEvents', { filter, maxResults, ...after(nextToken) });
        return { items: found.events, nextToken: found.nextToken };
      }}
      selection="single"
      onSelect={([event]) =>
        showDetails(event ? { title: event.operation, content: <pre>{indented(event.record)}</pre> } : undefined)
      }
      filter={
        <SpaceBetween direction="horizontal" size="s" alignItems="center">
          <Select
            ariaLabel="Time"
            selectedOption={spans.find(({ value }) => value === hours) ?? null}
            options={spans}
            onChange={({ detail }) => replaceQuery({ hours: detail.selectedOption.value })}
          />
          <TextFilter
            filteringText={operation}
            filteringPlaceholder="Operation, such as StartAssessmentRun"
            filteringAriaLabel="Find by operation"
            onChange={({ detail }) => replaceQuery({ operation: detail.filteringText })}
          />
          <Checkbox
            checked={errorsOnly}
            onChange={({ detail }) => replaceQuery({ errors: detail.checked ? 'yes' : undefined })}
          >
            Errors only
          </Checkbox>
        </SpaceBetween>
      }
      columns={columns}
      empty={<EmptyState title="No call in this time" />}
    />
  );
}

/** When each list began: the pages after the first belong to one time. */
const begun = new Map<string, number>();

function sinceOf(list: string, nextToken: string | undefined, since: number): number {
  if (nextToken === undefined) begun.set(list, since);
  return begun.get(list) ?? since;
}

const columns: readonly Column<AuditEvent>[] = [
  { id: 'operation', header: 'Operation', width: 220, isRowHeader: true, cell: ({ operation }) => operation },
  { id: 'time', header: 'Time', width: 210, cell: ({ eventTime }) => <When at={eventTime} /> },
  { id: 'key', header: 'Access key', width: 210, cell: ({ accessKeyId }) => accessKeyId ?? '–' },
  { id: 'source', header: 'From', width: 140, cell: ({ sourceIpAddress }) => sourceIpAddress ?? '–' },
  {
    id: 'error',
    header: 'Result',
    width: 200,
    cell: ({ errorCode, errorMessage }) =>
      errorCode === undefined ? (
        <StatusIndicator type="success">Done</StatusIndicator>
      ) : (
        <span title={errorMessage}>
          <StatusIndicator type="error">{errorCode}</StatusIndicator>
        </span>
      ),
  },
  {
    id: 'similar',
    header: 'Similar calls',
    width: 130,
    optional: true,
    cell: ({ similarCallsNotRecorded }) => similarCallsNotRecorded,
  },
];
