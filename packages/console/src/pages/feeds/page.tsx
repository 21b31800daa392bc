import type { AssayOutput } from '@assay/model/assay/operations.ts';
import Alert from '@cloudscape-design/components/alert';
import Box from '@cloudscape-design/components/box';
import ExpandableSection from '@cloudscape-design/components/expandable-section';
import SpaceBetween from '@cloudscape-design/components/space-between';
import StatusIndicator from '@cloudscape-design/components/status-indicator';
import { type ReactNode, useState } from 'react';
import { useSession } from '../../app/session-context.ts';
import { formatUtc } from '../../format.ts';
import { ActButton } from '../../ui/act-button.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { faultWords } from '../../ui/fault-words.ts';
import { type Column, ListTable } from '../../ui/list-table.tsx';
import { When } from '../../ui/when.tsx';

type Feeds = AssayOutput<'ListFeeds'>;
type Feed = Feeds['feeds'][number];

/** What the server judges vulnerabilities by: each feed's age, and what of it was not taken. */
export function FeedsPage(): ReactNode {
  const { assay, notify, showDetails } = useSession();
  const [state, setState] = useState<Feeds>();
  const none = state?.feeds.every(({ records }) => records === 0);
  return (
    <SpaceBetween size="l">
      {none ? (
        <Alert type="warning" header="Vulnerabilities are not assessed yet">
          No advisories have been downloaded. Update the feeds; a server without a way out can import a signed bundle:{' '}
          <code>assay feeds import FILE</code>.
        </Alert>
      ) : null}
      <ListTable<Feed>
        id="feeds"
        title="Feeds"
        description={state?.digest === undefined ? undefined : `All of them as one: ${state.digest.slice(0, 16)}`}
        loadKey=""
        keyOf={({ name }) => name}
        refresh={state?.updating ? 3000 : 60_000}
        load={async () => {
          const found = await assay('ListFeeds', {});
          setState(found);
          return { items: found.feeds, nextToken: undefined, total: found.feeds.length };
        }}
        selection="single"
        onSelect={([feed]) =>
          showDetails(feed ? { title: feed.name, content: <FeedDetails key={feed.name} feed={feed} /> } : undefined)
        }
        actions={(_, reload) => (
          <ActButton
            action="assay:UpdateFeeds"
            variant="primary"
            loading={state?.updating ?? false}
            loadingText="Updating"
            onClick={() => {
              assay('UpdateFeeds', {}).then(
                ({ started }) => {
                  notify({ type: 'info', content: started ? 'The update has started.' : 'An update goes on already.' });
                  reload();
                },
                (fault: unknown) => {
                  const { title, text } = faultWords(fault);
                  notify({ type: 'error', header: title, content: text });
                },
              );
            }}
          >
            Update now
          </ActButton>
        )}
        columns={columns}
        empty={
          <EmptyState title="The server has chosen no feed">
            assay feeds add, on the machine of the server, adds one.
          </EmptyState>
        }
      />
    </SpaceBetween>
  );
}

const stateOf = ({ error, updatedAt, old }: Feed): ReactNode => {
  if (error !== undefined) return <StatusIndicator type="error">The last update failed</StatusIndicator>;
  if (updatedAt === undefined) return <StatusIndicator type="pending">Not downloaded yet</StatusIndicator>;
  return old ? (
    <StatusIndicator type="warning">Old</StatusIndicator>
  ) : (
    <StatusIndicator type="success">Current</StatusIndicator>
  );
};

const columns: readonly Column<Feed>[] = [
  { id: 'name', header: 'Feed', width: 200, isRowHeader: true, cell: ({ name }) => name },
  { id: 'state', header: 'State', width: 200, cell: stateOf },
  { id: 'records', header: 'Records', width: 110, cell: ({ records }) => records.toLocaleString('en') },
  { id: 'newest', header: 'Newest record', width: 150, cell: ({ newestAt }) => <When at={newestAt} ago /> },
  { id: 'updated', header: 'Downloaded', width: 150, cell: ({ updatedAt }) => <When at={updatedAt} ago /> },
  { id: 'refused', header: 'Not taken', width: 120, cell: (feed) => refusedOf(feed).toLocaleString('en') },
  { id: 'kind', header: 'Format', width: 150, cell: ({ kind }) => kind ?? '–' },
  { id: 'source', header: 'Source', width: 360, optional: true, cell: ({ source }) => source ?? '–' },
];

const refusedOf = ({ refused = {} }: Feed): number => Object.values(refused).reduce((sum, number) => sum + number, 0);

/** A feed's gaps: what of it was not taken, and why. */
function FeedDetails({ feed }: { readonly feed: Feed }): ReactNode {
  const { refused = {}, examples = [], error, errorAt, source, digest, newestAt } = feed;
  return (
    <SpaceBetween size="m">
      {error === undefined ? null : (
        <Alert type="error" header={`The update failed${errorAt === undefined ? '' : ` at ${formatUtc(errorAt)}`}`}>
          {error} The previous copy stays in use.
        </Alert>
      )}
      <Box>
        {source ?? 'From a file'} · newest record <When at={newestAt} /> · digest {digest ?? 'unknown'}
      </Box>
      <div>
        <Box variant="awsui-key-label">Gaps</Box>
        {refusedOf(feed) === 0 ? (
          'Every record was taken.'
        ) : (
          <ul>
            {Object.entries(refused).map(([reason, number]) => (
              <li key={reason}>
                {reason}: {number.toLocaleString('en')}
              </li>
            ))}
          </ul>
        )}
      </div>
      {examples.length === 0 ? null : (
        <ExpandableSection headerText={`The first of them (${examples.length})`}>
          <pre>{examples.join('\n')}</pre>
        </ExpandableSection>
      )}
    </SpaceBetween>
  );
}
