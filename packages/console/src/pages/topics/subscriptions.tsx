import { type ReactNode, useState } from 'react';
import { useSession } from '../../app/session-context.ts';
import { describeTemplates } from '../../data/describe.ts';
import { eventWords, type InspectorEvent } from '../../data/events.ts';
import { after } from '../../data/pages.ts';
import { ActButton } from '../../ui/act-button.tsx';
import { ConfirmModal } from '../../ui/confirm-modal.tsx';
import { CopyArn } from '../../ui/copy-arn.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { ListTable } from '../../ui/list-table.tsx';
import { Subscribe } from './subscribe.tsx';

interface Subscribed {
  readonly template: string;
  readonly templateName: string;
  readonly topicArn: string;
  readonly events: readonly InspectorEvent[];
}

/** Which topics are told of which templates' runs. */
export function Subscriptions(): ReactNode {
  const { call, notify } = useSession();
  const [creating, setCreating] = useState(false);
  const [ending, setEnding] = useState<Subscribed>();
  const [round, setRound] = useState(0);
  const done = (): void => setRound((before) => before + 1);
  return (
    <>
      <ListTable<Subscribed>
        id="subscriptions"
        title="Subscriptions"
        headingTag="h2"
        description="Which topics are told of the runs of which templates."
        loadKey={String(round)}
        keyOf={({ template, topicArn }) => `${template} ${topicArn}`}
        labelOf={({ templateName, topicArn }) => `${templateName}, ${topicArn}`}
        load={async (nextToken, maxResults) => {
          const listed = await call('ListEventSubscriptions', { maxResults, ...after(nextToken) });
          const arns = [...new Set(listed.subscriptions.map(({ resourceArn }) => resourceArn))];
          const names = new Map((await describeTemplates(call, arns)).map(({ arn, name }) => [arn, name]));
          return {
            items: listed.subscriptions.map(({ resourceArn, topicArn, eventSubscriptions }) => ({
              template: resourceArn,
              templateName: names.get(resourceArn) ?? resourceArn,
              topicArn,
              events: eventSubscriptions.map(({ event }) => event),
            })),
            nextToken: listed.nextToken,
          };
        }}
        selection="single"
        actions={([subscription]) => (
          <>
            <ActButton
              action="inspector:UnsubscribeFromEvent"
              disabled={!subscription}
              disabledReason="Choose a subscription"
              onClick={() => subscription && setEnding(subscription)}
            >
              Unsubscribe
            </ActButton>
            <ActButton action="inspector:SubscribeToEvent" onClick={() => setCreating(true)}>
              Subscribe a topic
            </ActButton>
          </>
        )}
        columns={[
          {
            id: 'template',
            header: 'Template',
            width: 220,
            isRowHeader: true,
            cell: ({ templateName }) => templateName,
          },
          { id: 'topic', header: 'Topic', width: 420, cell: ({ topicArn }) => <CopyArn arn={topicArn} /> },
          { id: 'events', header: 'Events', width: 360, cell: ({ events }) => events.map(eventWords).join(', ') },
        ]}
        empty={
          <EmptyState title="No topic is subscribed">
            Subscribe one to be told when runs start and end, and what they find.
          </EmptyState>
        }
      />
      {creating ? <Subscribe done={done} close={() => setCreating(false)} /> : null}
      {ending ? (
        <ConfirmModal
          title="Unsubscribe the topic?"
          confirm="Unsubscribe"
          close={() => setEnding(undefined)}
          act={async () => {
            for (const event of ending.events) {
              await call('UnsubscribeFromEvent', { resourceArn: ending.template, event, topicArn: ending.topicArn });
            }
            notify({ type: 'success', content: 'The topic is not told of these runs any more.' });
            done();
          }}
        >
          {ending.topicArn} is not told of the runs of {ending.templateName} any more.
        </ConfirmModal>
      ) : null}
    </>
  );
}
