import FormField from '@cloudscape-design/components/form-field';
import Input from '@cloudscape-design/components/input';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { type ReactNode, useState } from 'react';
import { hrefOf } from '../../app/route.ts';
import { useSession } from '../../app/session-context.ts';
import { goTo } from '../../app/use-route.ts';
import { ConfirmModal } from '../../ui/confirm-modal.tsx';
import { TemplateField } from '../../ui/template-field.tsx';

/** Starts a run of a template, which is chosen here unless it is given. */
export function StartRun({ template, close }: { readonly template?: string; readonly close: () => void }): ReactNode {
  const { call } = useSession();
  const [chosen, setChosen] = useState(template ?? '');
  const [name, setName] = useState('');
  return (
    <ConfirmModal
      title="Start a run"
      confirm="Start"
      ready={chosen !== ''}
      close={close}
      act={async () => {
        const { assessmentRunArn } = await call('StartAssessmentRun', {
          assessmentTemplateArn: chosen,
          ...(name.trim() ? { assessmentRunName: name.trim() } : {}),
        });
        goTo(hrefOf(['runs', assessmentRunArn]));
      }}
    >
      <SpaceBetween size="m">
        <TemplateField chosen={chosen} choose={setChosen} />
        <FormField label="Name" description="Leave empty to use the template name and the time.">
          <Input value={name} onChange={({ detail }) => setName(detail.value)} />
        </FormField>
      </SpaceBetween>
    </ConfirmModal>
  );
}
