import SpaceBetween from '@cloudscape-design/components/space-between';
import { type ReactNode, useState } from 'react';
import { useSession } from '../../app/session-context.ts';
import { readWhenDraft, usualWhen } from '../../data/when-draft.ts';
import { formatTime } from '../../format.ts';
import { ConfirmModal } from '../../ui/confirm-modal.tsx';
import { TemplateField } from '../../ui/template-field.tsx';
import { WhenFields } from './when-fields.tsx';

interface CreateScheduleProps {
  /** The template that is chosen at first. */
  readonly template: string;
  readonly done: () => void;
  readonly close: () => void;
}

/** Creates a schedule. */
export function CreateSchedule({ template, done, close }: CreateScheduleProps): ReactNode {
  const { assay, notify } = useSession();
  const [chosen, setChosen] = useState(template);
  const [draft, setDraft] = useState(usualWhen);
  const { when, problem } = readWhenDraft(draft);
  return (
    <ConfirmModal
      title="Create a schedule"
      confirm="Create"
      ready={chosen !== '' && problem === ''}
      close={close}
      act={async () => {
        const { schedule } = await assay('CreateSchedule', { assessmentTemplateArn: chosen, ...when });
        const next = schedule.nextAt === undefined ? '' : ` The first run starts ${formatTime(schedule.nextAt)}.`;
        notify({ type: 'success', content: `The schedule is created: ${schedule.description}.${next}` });
        done();
      }}
    >
      <SpaceBetween size="m">
        <TemplateField chosen={chosen} choose={setChosen} />
        <WhenFields draft={draft} change={setDraft} />
      </SpaceBetween>
    </ConfirmModal>
  );
}
