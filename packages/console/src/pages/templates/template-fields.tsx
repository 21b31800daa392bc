import FormField from '@cloudscape-design/components/form-field';
import Input from '@cloudscape-design/components/input';
import Multiselect from '@cloudscape-design/components/multiselect';
import Select from '@cloudscape-design/components/select';
import SpaceBetween from '@cloudscape-design/components/space-between';
import type { ReactNode } from 'react';
import { durations } from '../../data/durations.ts';
import { readTemplateDraft, type TemplateDraft } from '../../data/template-draft.ts';
import { useRulesPackageList } from '../../data/use-rules-package-list.ts';
import { formatDuration } from '../../format.ts';
import { FaultAlert } from '../../ui/fault-alert.tsx';

interface TemplateFieldsProps {
  readonly draft: TemplateDraft;
  readonly change: (draft: TemplateDraft) => void;
  /** Shows what is missing, too: somebody wanted to go on. */
  readonly tried?: boolean;
}

/** The fields of a template, but for its target. */
export function TemplateFields({ draft, change, tried = false }: TemplateFieldsProps): ReactNode {
  const { data = [], fault, loading, reload } = useRulesPackageList();
  const options = data.map(({ arn, name, description = '', version }) => ({
    value: arn,
    label: name,
    labelTag: version,
    description: description.length > 160 ? `${description.slice(0, 157)}…` : description,
  }));
  const others = durations.some(({ value }) => value === String(draft.seconds))
    ? []
    : [{ value: String(draft.seconds), label: formatDuration(draft.seconds) }];
  const allDurations = [...others, ...durations];
  const attributes = readTemplateDraft({ ...draft, name: 'any', packages: ['any'] });
  return (
    <SpaceBetween size="m">
      <FormField label="Template name" errorText={tried && draft.name.trim() === '' ? 'Give the template a name.' : ''}>
        <Input
          value={draft.name}
          placeholder="nightly"
          onChange={({ detail }) => change({ ...draft, name: detail.value.slice(0, 140) })}
        />
      </FormField>
      <FaultAlert fault={fault} retry={reload} />
      <FormField
        label="Rules packages"
        description="What the hosts are judged by."
        errorText={tried && draft.packages.length === 0 ? 'Choose at least one rules package.' : ''}
      >
        <Multiselect
          options={options}
          selectedOptions={draft.packages.map(
            (arn) => options.find(({ value }) => value === arn) ?? { value: arn, label: arn },
          )}
          statusType={loading && data.length === 0 ? 'loading' : 'finished'}
          placeholder="Choose rules packages"
          enableSelectAll
          deselectAriaLabel={({ label }) => `Remove ${label ?? ''}`}
          onChange={({ detail }) =>
            change({ ...draft, packages: detail.selectedOptions.flatMap(({ value }) => value ?? []) })
          }
        />
      </FormField>
      <FormField
        label="Longest time to collect"
        description="A run ends sooner when every host has delivered. Hosts that have not by then are reported as not assessed."
      >
        <Select
          options={allDurations}
          selectedOption={allDurations.find(({ value }) => value === String(draft.seconds)) ?? null}
          onChange={({ detail }) => change({ ...draft, seconds: Number(detail.selectedOption.value) })}
        />
      </FormField>
      <FormField
        label="Attributes for findings (optional)"
        description="At most 10; every finding of its runs gets them. Separate them by commas."
        constraintText="team=platform, ticket=OPS-12"
        errorText={attributes.problem}
      >
        <Input
          value={draft.attributes}
          spellcheck={false}
          onChange={({ detail }) => change({ ...draft, attributes: detail.value })}
        />
      </FormField>
    </SpaceBetween>
  );
}
