import type { AssayOutput } from '@assay/model/assay/operations.ts';
import SpaceBetween from '@cloudscape-design/components/space-between';
import StatusIndicator from '@cloudscape-design/components/status-indicator';
import { type ReactNode, useState } from 'react';
import { useSession } from '../../app/session-context.ts';
import { after } from '../../data/pages.ts';
import { sentence } from '../../format.ts';
import { ActButton } from '../../ui/act-button.tsx';
import { ConfirmModal } from '../../ui/confirm-modal.tsx';
import { CopyArn } from '../../ui/copy-arn.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { type Column, ListTable } from '../../ui/list-table.tsx';
import { When } from '../../ui/when.tsx';
import { MapTopic } from './map-topic.tsx';
import { Subscriptions } from './subscriptions.tsx';
import { TopicSecret } from './topic-secret.tsx';

type Topic = AssayOutput<'ListTopics'>['topics'][number];

/** Events: where they go, and who asked for them. */
export function TopicsPage(): ReactNode {
  const { assay, notify } = useSession();
  const [mapping, setMapping] = useState(false);
  const [secret, setSecret] = useState<string>();
  const [unmapping, setUnmapping] = useState<Topic>();
  const [round, setRound] = useState(0);
  const done = (): void => setRound((before) => before + 1);
  return (
    <SpaceBetween size="l">
      <ListTable<Topic>
        id="topics"
        title="Events"
        description="Where the events of each topic are sent."
        columns={columns}
        loadKey={String(round)}
        keyOf={({ topicArn }) => topicArn}
        refresh={30_000}
        load={async (nextToken, maxResults) => {
          const { topics, nextToken: next } = await assay('ListTopics', { maxResults, ...after(nextToken) });
          return { items: topics, nextToken: next };
        }}
        selection="single"
        actions={([topic]) => (
          <>
            <ActButton
              action="assay:UnmapTopic"
              disabled={!topic}
              disabledReason="Choose a topic"
              onClick={() => topic && setUnmapping(topic)}
            >
              Unmap
            </ActButton>
            <ActButton action="assay:MapTopic" variant="primary" onClick={() => setMapping(true)}>
              Map a topic
            </ActButton>
          </>
        )}
        empty={
          <EmptyState title="No topic is mapped">
            Map one to an address: a webhook, Slack, mail or Amazon SNS. Then subscribe it to a template.
          </EmptyState>
        }
      />
      <Subscriptions />
      {mapping ? (
        <MapTopic
          done={(made) => {
            setSecret(made);
            done();
          }}
          close={() => setMapping(false)}
        />
      ) : null}
      {secret === undefined ? null : <TopicSecret secret={secret} close={() => setSecret(undefined)} />}
      {unmapping ? (
        <ConfirmModal
          title="Unmap the topic?"
          confirm="Unmap"
          close={() => setUnmapping(undefined)}
          act={async () => {
            await assay('UnmapTopic', { topicArn: unmapping.topicArn });
            notify({ type: 'success', content: 'The topic is not mapped any more.' });
            done();
          }}
        >
          {unmapping.topicArn}: the {unmapping.waiting.toLocaleString('en')} events that wait for it are not sent.
          Subscriptions stay, and say so in the notifications of the runs.
        </ConfirmModal>
      ) : null}
    </SpaceBetween>
  );
}

const columns: readonly Column<Topic>[] = [
  { id: 'topic', header: 'Topic', width: 380, isRowHeader: true, cell: ({ topicArn }) => <CopyArn arn={topicArn} /> },
  { id: 'address', header: 'Address', width: 280, cell: ({ url }) => url },
  { id: 'format', header: 'Sent as', width: 160, cell: ({ format }) => formatWords[format] ?? sentence(format) },
  { id: 'waiting', header: 'Waiting', width: 100, cell: ({ waiting }) => waiting.toLocaleString('en') },
  {
    id: 'delivered',
    header: 'Last delivered',
    width: 150,
    cell: ({ lastDeliveredAt }) => <When at={lastDeliveredAt} ago />,
  },
  {
    id: 'error',
    header: 'Last attempt',
    width: 280,
    cell: ({ lastTriedAt, lastError }) =>
      lastTriedAt === undefined ? (
        '–'
      ) : (
        <StatusIndicator type={lastError === undefined ? 'success' : 'error'}>
          {lastError ?? 'Delivered'}
        </StatusIndicator>
      ),
  },
  { id: 'mapped', header: 'Mapped', width: 220, optional: true, cell: ({ mappedAt }) => <When at={mappedAt} /> },
];

const formatWords: Readonly<Record<string, string>> = {
  SNS: 'As Amazon SNS',
  STANDARD_WEBHOOKS: 'Standard Webhooks',
  SLACK: 'Slack',
  MAIL: 'Mail',
  AMAZON_SNS: 'Amazon SNS itself',
};
