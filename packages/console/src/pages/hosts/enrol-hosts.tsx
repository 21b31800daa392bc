import Alert from '@cloudscape-design/components/alert';
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import CopyToClipboard from '@cloudscape-design/components/copy-to-clipboard';
import FormField from '@cloudscape-design/components/form-field';
import Input from '@cloudscape-design/components/input';
import Modal from '@cloudscape-design/components/modal';
import Select from '@cloudscape-design/components/select';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { type ReactNode, useState } from 'react';
import { useSession } from '../../app/session-context.ts';
import { parseTags, shellWord } from '../../data/tags.ts';
import { FaultAlert } from '../../ui/fault-alert.tsx';

const times = [
  { value: '3600', label: '1 hour' },
  { value: '86400', label: '1 day' },
  { value: '604800', label: '1 week' },
  { value: '2592000', label: '30 days' },
];

/** Makes a token and shows the command to run on a host, once. */
export function EnrolHosts({ made, close }: { readonly made: () => void; readonly close: () => void }): ReactNode {
  const { assay } = useSession();
  const [uses, setUses] = useState('1');
  const [seconds, setSeconds] = useState('86400');
  const [tags, setTags] = useState('');
  const [token, setToken] = useState<string>();
  const [going, setGoing] = useState(false);
  const [fault, setFault] = useState<unknown>();
  const number = Number(uses);
  const usesFault =
    Number.isInteger(number) && number >= 1 && number <= 100_000 ? '' : 'Give a number from 1 to 100,000.';
  const parsed = parseTags(tags);

  const make = async (): Promise<void> => {
    if (usesFault || parsed.problem) return;
    setGoing(true);
    setFault(undefined);
    try {
      const { tokens } = await assay('CreateEnrollmentTokens', {
        uses: number,
        secondsValid: Number(seconds),
        ...(parsed.tags.length > 0 ? { tags: parsed.tags } : {}),
      });
      setToken(tokens[0]?.token);
      made();
    } catch (failed) {
      setFault(failed);
    } finally {
      setGoing(false);
    }
  };
  const command =
    token === undefined
      ? ''
      : `curl -fsSL ${location.origin}/agent/install.sh | sudo sh -s -- --token ${shellWord(token)}`;
  return (
    <Modal
      visible
      header="Enrol hosts"
      size="large"
      onDismiss={close}
      footer={
        <Box float="right">
          <SpaceBetween direction="horizontal" size="xs">
            <Button variant={token ? 'primary' : 'link'} onClick={close}>
              {token ? 'Done' : 'Cancel'}
            </Button>
            {token ? null : (
              <Button
                variant="primary"
                loading={going}
                disabled={Boolean(usesFault || parsed.problem)}
                onClick={() => void make()}
              >
                Show the command
              </Button>
            )}
          </SpaceBetween>
        </Box>
      }
    >
      {token === undefined ? (
        <SpaceBetween size="m">
          <FormField label="How many hosts" errorText={usesFault} description="The command works on so many hosts.">
            <Input type="number" value={uses} onChange={({ detail }) => setUses(detail.value)} />
          </FormField>
          <FormField label="For how long">
            <Select
              selectedOption={times.find(({ value }) => value === seconds) ?? null}
              options={times}
              onChange={({ detail }) => setSeconds(detail.selectedOption.value ?? seconds)}
            />
          </FormField>
          <FormField
            label="Tags"
            description="Fixed on these hosts; targets choose hosts by their tags. One a line or separated by commas: env=prod, role=web"
            errorText={parsed.problem}
          >
            <Input value={tags} placeholder="env=prod, role=web" onChange={({ detail }) => setTags(detail.value)} />
          </FormField>
          <FaultAlert fault={fault} retry={() => void make()} />
        </SpaceBetween>
      ) : (
        <SpaceBetween size="m">
          <Box>
            Run this on each host, as a user who may use sudo. The host appears in the list when its agent has enrolled.
          </Box>
          <pre data-testid="enrol-command">{command}</pre>
          <CopyToClipboard
            copyButtonText="Copy the command"
            textToCopy={command}
            copySuccessText="Copied"
            copyErrorText="It could not be copied"
          />
          <Alert type="info">
            The token in it is shown this once. Whoever has it can enrol hosts until it is used or expires.
          </Alert>
          <Box color="text-body-secondary">
            The installer is part of the agent's build: <code>npm run build:agent</code>, once, on the machine of the
            server.
          </Box>
        </SpaceBetween>
      )}
    </Modal>
  );
}
