import FormField from '@cloudscape-design/components/form-field';
import Input from '@cloudscape-design/components/input';
import Select from '@cloudscape-design/components/select';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { type ReactNode, useState } from 'react';
import { hrefOf } from '../../app/route.ts';
import { useSession } from '../../app/session-context.ts';
import { useData } from '../../app/use-data.ts';
import { goTo } from '../../app/use-route.ts';
import { readInventory, templateLabel } from '../../data/templates.ts';
import { ConfirmModal } from '../../ui/confirm-modal.tsx';
import { FaultAlert } from '../../ui/fault-alert.tsx';
import { PageLink } from '../../ui/page-link.tsx';

/** Starts a run of a template, which is chosen here unless it is given. */
export function StartRun({ template, close }: { readonly template?: string; readonly close: () => void }): ReactNode {
  const { call } = useSession();
  const { data, fault, reload } = useData('inventory', () => readInventory(call));
  const [chosen, setChosen] = useState(template ?? '');
  const [name, setName] = useState('');
  const options = (data?.templates ?? []).map((each) => ({
    value: each.arn,
    label: templateLabel(each, data?.targets ?? []),
  }));
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
        <FaultAlert fault={fault} retry={reload} />
        {data && options.length === 0 ? (
          <>
            There is no template yet. <PageLink href="#/setup">Set up an assessment</PageLink>
          </>
        ) : (
          <FormField label="Template">
            <Select
              selectedOption={options.find(({ value }) => value === chosen) ?? null}
              options={options}
              filteringType="auto"
              placeholder="Choose a template"
              onChange={({ detail }) => setChosen(detail.selectedOption.value ?? '')}
            />
          </FormField>
        )}
        <FormField label="Name" description="Leave empty to use the template name and the time.">
          <Input value={name} onChange={({ detail }) => setName(detail.value)} />
        </FormField>
      </SpaceBetween>
    </ConfirmModal>
  );
}
