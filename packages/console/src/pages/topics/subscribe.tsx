import Autosuggest from '@cloudscape-design/components/autosuggest';
import FormField from '@cloudscape-design/components/form-field';
import Multiselect from '@cloudscape-design/components/multiselect';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { type ReactNode, useState } from 'react';
import { useSession } from '../../app/session-context.ts';
import { useData } from '../../app/use-data.ts';
import { events, type InspectorEvent } from '../../data/events.ts';
import { ConfirmModal } from '../../ui/confirm-modal.tsx';
import { TemplateField } from '../../ui/template-field.tsx';

/** Has a topic told of events of a template's runs. */
export function Subscribe({ done, close }: { readonly done: () => void; readonly close: () => void }): ReactNode {
  const { call, assay, notify } = useSession();
  const topics = useData('topics to choose', () => assay('ListTopics', { maxResults: 500 }));
  const [template, setTemplate] = useState('');
  const [topic, setTopic] = useState('');
  const [chosen, setChosen] = useState<readonly InspectorEvent[]>(['ASSESSMENT_RUN_COMPLETED']);
  return (
    <ConfirmModal
      title="Subscribe a topic"
      confirm="Subscribe"
      ready={template !== '' && topic.trim() !== '' && chosen.length > 0}
      close={close}
      act={async () => {
        for (const event of chosen) {
          await call('SubscribeToEvent', { resourceArn: template, event, topicArn: topic.trim() });
        }
        notify({ type: 'success', content: `${topic.split(':').at(-1)} is told of the events from now on.` });
        done();
      }}
    >
      <SpaceBetween size="m">
        <TemplateField chosen={template} choose={setTemplate} />
        <FormField label="Topic" description="One that is mapped, or the ARN of one that is mapped later.">
          <Autosuggest
            value={topic}
            placeholder="arn:aws:sns:REGION:ACCOUNT:NAME"
            enteredTextLabel={(value) => `Use ${value}`}
            options={(topics.data?.topics ?? []).map(({ topicArn, url }) => ({ value: topicArn, description: url }))}
            onChange={({ detail }) => setTopic(detail.value)}
          />
        </FormField>
        <FormField label="Events">
          <Multiselect
            options={events}
            selectedOptions={events.filter(({ value }) => chosen.includes(value))}
            onChange={({ detail }) => setChosen(detail.selectedOptions.map(({ value }) => value as InspectorEvent))}
          />
        </FormField>
      </SpaceBetween>
    </ConfirmModal>
  );
}
