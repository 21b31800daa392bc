import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import Modal from '@cloudscape-design/components/modal';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { type ReactNode, useState } from 'react';
import { FaultAlert } from './fault-alert.tsx';

interface ConfirmModalProps {
  readonly title: string;
  /** What the button does: `Delete`. */
  readonly confirm: string;
  readonly children: ReactNode;
  /** False while what is filled in cannot be used. */
  readonly ready?: boolean;
  readonly size?: 'small' | 'medium' | 'large';
  /** Does it; the dialog closes when it is done, and says what went wrong otherwise. */
  readonly act: () => Promise<void>;
  readonly close: () => void;
}

/** Asks before something is done. */
export function ConfirmModal({
  title,
  confirm,
  children,
  ready = true,
  size = 'medium',
  act,
  close,
}: ConfirmModalProps): ReactNode {
  const [going, setGoing] = useState(false);
  const [fault, setFault] = useState<unknown>();
  const run = async (): Promise<void> => {
    setGoing(true);
    setFault(undefined);
    try {
      await act();
      close();
    } catch (failed) {
      setFault(failed);
      setGoing(false);
    }
  };
  return (
    <Modal
      visible
      header={title}
      size={size}
      onDismiss={close}
      footer={
        <Box float="right">
          <SpaceBetween direction="horizontal" size="xs">
            <Button variant="link" onClick={close}>
              Cancel
            </Button>
            <Button variant="primary" loading={going} disabled={!ready} onClick={() => void run()}>
              {confirm}
            </Button>
          </SpaceBetween>
        </Box>
      }
    >
      <SpaceBetween size="m">
        {children}
        <FaultAlert fault={fault} />
      </SpaceBetween>
    </Modal>
  );
}
