import type { AssayInput } from '@assay/model/assay/operations.ts';
import Checkbox from '@cloudscape-design/components/checkbox';
import FormField from '@cloudscape-design/components/form-field';
import Input from '@cloudscape-design/components/input';
import Select from '@cloudscape-design/components/select';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { type ReactNode, useState } from 'react';
import { useSession } from '../../app/session-context.ts';
import { useData } from '../../app/use-data.ts';
import { ConfirmModal } from '../../ui/confirm-modal.tsx';

type Format = NonNullable<AssayInput<'MapTopic'>['format']>;

const formats: readonly { readonly value: Format; readonly label: string; readonly description: string }[] = [
  { value: 'SNS', label: 'As Amazon SNS', description: 'For handlers that were written for the original' },
  { value: 'STANDARD_WEBHOOKS', label: 'Standard Webhooks', description: 'Signed by a secret that is shown once' },
  { value: 'SLACK', label: 'Slack', description: 'Also Mattermost and Rocket.Chat' },
  { value: 'MAIL', label: 'Mail', description: 'The server needs a mail server: see serve --smtp-url' },
  { value: 'AMAZON_SNS', label: 'Amazon SNS itself', description: 'Published by the credentials of the server' },
];

interface MapTopicProps {
  /** With the secret that signs its events, where they are signed by one. */
  readonly done: (secret: string | undefined) => void;
  readonly close: () => void;
}

/** Says where the events of a topic go. */
export function MapTopic({ done, close }: MapTopicProps): ReactNode {
  const { assay, key, notify } = useSession();
  const status = useData('account', () => assay('GetServerStatus', {}));
  const [name, setName] = useState('');
  const [url, setUrl] = useState('');
  const [format, setFormat] = useState<Format>('SNS');
  const [allowPrivate, setAllowPrivate] = useState(false);
  const [notStarted, setNotStarted] = useState(false);
  const [headerName, setHeaderName] = useState('');
  const [headerValue, setHeaderValue] = useState('');
  const isArn = name.trim().startsWith('arn:');
  const account = status.data?.account;
  const arn = isArn ? name.trim() : `arn:aws:sns:${key.region}:${account ?? ''}:${name.trim()}`;
  const posts = format !== 'MAIL' && format !== 'AMAZON_SNS';
  const nameFault =
    name.trim() === '' || isArn || /^[\w-]{1,256}$/.test(name.trim())
      ? ''
      : 'A name has letters, digits, hyphens and underscores. An ARN can be given as well.';
  const ready = name.trim() !== '' && nameFault === '' && url.trim() !== '' && (isArn || account !== undefined);

  return (
    <ConfirmModal
      title="Map a topic"
      confirm="Map"
      size="large"
      ready={ready}
      close={close}
      act={async () => {
        const { signingSecret } = await assay('MapTopic', {
          ...{ topicArn: arn, url: url.trim(), format },
          ...(allowPrivate ? { allowPrivate } : {}),
          ...(notStarted ? { events: ['RUN_NOT_STARTED'] } : {}),
          ...(posts && headerName.trim() ? { headers: [{ name: headerName.trim(), value: headerValue }] } : {}),
        });
        notify({ type: 'success', content: `Events of ${arn.split(':').at(-1)} go to ${url.trim()}.` });
        done(signingSecret);
      }}
    >
      <SpaceBetween size="m">
        <FormField label="Topic" constraintText={arn} errorText={nameFault}>
          <Input value={name} placeholder="security" onChange={({ detail }) => setName(detail.value)} />
        </FormField>
        <FormField label="Events are sent">
          <Select
            options={formats}
            selectedOption={formats.find(({ value }) => value === format) ?? null}
            onChange={({ detail }) => setFormat(detail.selectedOption.value as Format)}
          />
        </FormField>
        <FormField label="Address">
          <Input
            value={url}
            spellcheck={false}
            placeholder={format === 'MAIL' ? 'mailto:security@example.com' : 'https://hooks.example.com/assay'}
            onChange={({ detail }) => setUrl(detail.value)}
          />
        </FormField>
        {posts ? (
          <SpaceBetween size="m">
            <FormField
              label="Header (optional)"
              description="Sent with each event; its value is never shown again."
              constraintText="Authorization, Bearer …"
            >
              <SpaceBetween direction="horizontal" size="xs">
                <Input
                  ariaLabel="Name of the header"
                  value={headerName}
                  onChange={({ detail }) => setHeaderName(detail.value)}
                />
                <Input
                  ariaLabel="Value of the header"
                  type="password"
                  value={headerValue}
                  onChange={({ detail }) => setHeaderValue(detail.value)}
                />
              </SpaceBetween>
            </FormField>
            <Checkbox checked={allowPrivate} onChange={({ detail }) => setAllowPrivate(detail.checked)}>
              Allow private addresses
            </Checkbox>
          </SpaceBetween>
        ) : null}
        <Checkbox checked={notStarted} onChange={({ detail }) => setNotStarted(detail.checked)}>
          Also tell it of scheduled runs that could not start
        </Checkbox>
      </SpaceBetween>
    </ConfirmModal>
  );
}
