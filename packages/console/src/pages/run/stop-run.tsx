import RadioGroup from '@cloudscape-design/components/radio-group';
import { type ReactNode, useState } from 'react';
import { useSession } from '../../app/session-context.ts';
import { ConfirmModal } from '../../ui/confirm-modal.tsx';

interface StopRunProps {
  readonly arn: string;
  readonly done: () => void;
  readonly close: () => void;
}

/** Stops a run, with what was collected evaluated or not. */
export function StopRun({ arn, done, close }: StopRunProps): ReactNode {
  const { call, notify } = useSession();
  const [action, setAction] = useState<'START_EVALUATION' | 'SKIP_EVALUATION'>('START_EVALUATION');
  const evaluates = action === 'START_EVALUATION';
  return (
    <ConfirmModal
      title="Stop this run"
      confirm="Stop"
      close={close}
      act={async () => {
        await call('StopAssessmentRun', { assessmentRunArn: arn, stopAction: action });
        notify({
          type: 'success',
          content: evaluates ? 'Collection ends; what was collected is evaluated.' : 'The run is being stopped.',
        });
        done();
      }}
    >
      <RadioGroup
        ariaLabel="How the run is stopped"
        value={action}
        items={[
          {
            value: 'START_EVALUATION',
            label: 'End collection and evaluate what is there',
            description: 'Hosts that have not delivered are reported as not assessed.',
          },
          {
            value: 'SKIP_EVALUATION',
            label: 'Evaluate nothing',
            description: 'Nothing is assessed by this run. What was collected is kept and can be re-evaluated.',
          },
        ]}
        onChange={({ detail }) =>
          setAction(detail.value === 'SKIP_EVALUATION' ? 'SKIP_EVALUATION' : 'START_EVALUATION')
        }
      />
    </ConfirmModal>
  );
}
