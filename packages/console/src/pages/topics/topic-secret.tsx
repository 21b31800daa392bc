import Alert from '@cloudscape-design/components/alert';
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import CopyToClipboard from '@cloudscape-design/components/copy-to-clipboard';
import Modal from '@cloudscape-design/components/modal';
import SpaceBetween from '@cloudscape-design/components/space-between';
import type { ReactNode } from 'react';

/** Shows the secret of a topic that was just mapped. */
export const TopicSecret = ({ secret, close }: { readonly secret: string; readonly close: () => void }): ReactNode => (
  <Modal
    visible
    header="The secret of this topic"
    onDismiss={close}
    footer={
      <Box float="right">
        <Button variant="primary" onClick={close}>
          Done
        </Button>
      </Box>
    }
  >
    <SpaceBetween size="m">
      <Alert type="warning">It is shown this once. The receiver verifies the events with it.</Alert>
      <pre>{secret}</pre>
      <CopyToClipboard
        copyButtonText="Copy the secret"
        textToCopy={secret}
        copySuccessText="Copied"
        copyErrorText="It could not be copied"
      />
    </SpaceBetween>
  </Modal>
);
