import Alert from '@cloudscape-design/components/alert';
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import CopyToClipboard from '@cloudscape-design/components/copy-to-clipboard';
import Modal from '@cloudscape-design/components/modal';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { type ReactNode, useState } from 'react';
import { useSession } from '../../app/session-context.ts';
import { FaultAlert } from '../../ui/fault-alert.tsx';
import { EXAMPLE, isUsable, type PolicyChoice, PolicyField, policyOf } from './policy-field.tsx';

interface Made {
  readonly text: string;
  readonly warnings: readonly string[];
}

/** Creates a key, and shows its secret this once. */
export function CreateKey({ close, created }: { readonly close: () => void; readonly created: () => void }): ReactNode {
  const { assay } = useSession();
  const [choice, setChoice] = useState<PolicyChoice>({ name: 'read-only', document: EXAMPLE });
  const [made, setMade] = useState<Made>();
  const [going, setGoing] = useState(false);
  const [fault, setFault] = useState<unknown>();
  const create = async (): Promise<void> => {
    setGoing(true);
    setFault(undefined);
    try {
      const { accessKey, secretAccessKey, warnings } = await assay('CreateAccessKey', { policy: policyOf(choice) });
      const text = `export AWS_ACCESS_KEY_ID=${accessKey.accessKeyId}\nexport AWS_SECRET_ACCESS_KEY=${secretAccessKey}`;
      setMade({ text, warnings });
      created();
    } catch (failed) {
      setFault(failed);
    } finally {
      setGoing(false);
    }
  };
  return (
    <Modal
      visible
      header="Create an access key"
      size="large"
      onDismiss={close}
      footer={
        <Box float="right">
          <SpaceBetween direction="horizontal" size="xs">
            <Button variant={made ? 'primary' : 'link'} onClick={close}>
              {made ? 'Done' : 'Cancel'}
            </Button>
            {made ? null : (
              <Button variant="primary" loading={going} disabled={!isUsable(choice)} onClick={() => void create()}>
                Create
              </Button>
            )}
          </SpaceBetween>
        </Box>
      }
    >
      {made ? (
        <SpaceBetween size="m">
          <Alert type="warning">The secret is shown this once. Keep it in a safe place.</Alert>
          {made.warnings.map((warning) => (
            <Alert key={warning} type="warning">
              {warning}
            </Alert>
          ))}
          <pre>{made.text}</pre>
          <CopyToClipboard
            copyButtonText="Copy"
            textToCopy={made.text}
            copySuccessText="Copied"
            copyErrorText="It could not be copied"
          />
        </SpaceBetween>
      ) : (
        <SpaceBetween size="m">
          <PolicyField choice={choice} change={setChoice} />
          <FaultAlert fault={fault} retry={() => void create()} />
        </SpaceBetween>
      )}
    </Modal>
  );
}
