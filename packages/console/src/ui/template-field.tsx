import FormField from '@cloudscape-design/components/form-field';
import Select from '@cloudscape-design/components/select';
import type { ReactNode } from 'react';
import { useSession } from '../app/session-context.ts';
import { useData } from '../app/use-data.ts';
import { readInventory, templateLabel } from '../data/templates.ts';
import { FaultAlert } from './fault-alert.tsx';
import { PageLink } from './page-link.tsx';

interface TemplateFieldProps {
  readonly chosen: string;
  readonly choose: (arn: string) => void;
}

/** A choice of one of the templates. */
export function TemplateField({ chosen, choose }: TemplateFieldProps): ReactNode {
  const { call } = useSession();
  const { data, fault, reload } = useData('inventory', () => readInventory(call));
  const options = (data?.templates ?? []).map((template) => ({
    value: template.arn,
    label: templateLabel(template, data?.targets ?? []),
  }));
  if (data && options.length === 0) {
    return (
      <>
        There is no template yet. <PageLink href="#/setup">Set up an assessment</PageLink>
      </>
    );
  }
  return (
    <>
      <FaultAlert fault={fault} retry={reload} />
      <FormField label="Template">
        <Select
          options={options}
          selectedOption={options.find(({ value }) => value === chosen) ?? null}
          filteringType="auto"
          placeholder="Choose a template"
          statusType={data ? 'finished' : 'loading'}
          onChange={({ detail }) => choose(detail.selectedOption.value ?? '')}
        />
      </FormField>
    </>
  );
}
