import FormField from '@cloudscape-design/components/form-field';
import Select from '@cloudscape-design/components/select';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { type ReactNode, useState } from 'react';
import { useSession } from '../../app/session-context.ts';
import { createTemplate } from '../../data/create-template.ts';
import type { Template } from '../../data/describe.ts';
import { tagsText } from '../../data/tags.ts';
import { readTemplateDraft, type TemplateDraft } from '../../data/template-draft.ts';
import { useTargets } from '../../data/use-targets.ts';
import { ConfirmModal } from '../../ui/confirm-modal.tsx';
import { FaultAlert } from '../../ui/fault-alert.tsx';
import { PageLink } from '../../ui/page-link.tsx';
import { TemplateFields } from './template-fields.tsx';

interface CreateTemplateProps {
  /** The one that the new one begins as; templates never change. */
  readonly like: Template | undefined;
  /** The target that is chosen at first. */
  readonly target: string | undefined;
  readonly done: () => void;
  readonly close: () => void;
}

/** Creates a template, as a copy of another where one is given. */
export function CreateTemplate({ like, target, done, close }: CreateTemplateProps): ReactNode {
  const { call, notify } = useSession();
  const targets = useTargets();
  const [chosen, setChosen] = useState(like?.assessmentTargetArn ?? target ?? '');
  const [draft, setDraft] = useState<TemplateDraft>({
    name: like ? `${like.name} (copy)` : '',
    packages: like?.rulesPackageArns ?? [],
    seconds: like?.durationInSeconds ?? 3600,
    attributes: tagsText(like?.userAttributesForFindings ?? []),
  });
  const { name, attributes, problem } = readTemplateDraft(draft);
  const options = (targets.data ?? []).map((each) => ({ value: each.arn, label: each.name }));
  return (
    <ConfirmModal
      title={like ? `Clone ${like.name}` : 'Create a template'}
      confirm="Create"
      size="large"
      ready={problem === '' && chosen !== ''}
      close={close}
      act={async () => {
        const { packages, seconds } = draft;
        await createTemplate(call, { target: chosen, name, packages, seconds, attributes });
        notify({ type: 'success', content: `${name} is created.` });
        done();
      }}
    >
      <SpaceBetween size="m">
        <FaultAlert fault={targets.fault} retry={targets.reload} />
        <FormField
          label="Target"
          description={
            targets.data?.length === 0 ? (
              <>
                There is no target yet. <PageLink href="#/setup">Set up an assessment</PageLink>
              </>
            ) : (
              'Which hosts its runs assess.'
            )
          }
        >
          <Select
            options={options}
            selectedOption={options.find(({ value }) => value === chosen) ?? null}
            filteringType="auto"
            placeholder="Choose a target"
            statusType={targets.data ? 'finished' : 'loading'}
            onChange={({ detail }) => setChosen(detail.selectedOption.value ?? '')}
          />
        </FormField>
        <TemplateFields draft={draft} change={setDraft} />
      </SpaceBetween>
    </ConfirmModal>
  );
}
