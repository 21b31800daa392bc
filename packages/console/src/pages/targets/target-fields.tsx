import FormField from '@cloudscape-design/components/form-field';
import Input from '@cloudscape-design/components/input';
import RadioGroup from '@cloudscape-design/components/radio-group';
import SpaceBetween from '@cloudscape-design/components/space-between';
import type { ReactNode } from 'react';
import { parseTags } from '../../data/tags.ts';
import type { TargetDraft } from '../../data/target-draft.ts';
import { HostPreview } from './host-preview.tsx';

interface TargetFieldsProps {
  readonly draft: TargetDraft;
  readonly change: (draft: TargetDraft) => void;
  /** Shows what is missing, too: somebody wanted to go on. */
  readonly tried?: boolean;
}

/** The fields of a target, with the hosts that it would have. */
export function TargetFields({ draft, change, tried = false }: TargetFieldsProps): ReactNode {
  const parsed = parseTags(draft.tags);
  return (
    <SpaceBetween size="m">
      <FormField label="Target name" errorText={tried && draft.name.trim() === '' ? 'Give the target a name.' : ''}>
        <Input
          value={draft.name}
          placeholder="web servers"
          onChange={({ detail }) => change({ ...draft, name: detail.value.slice(0, 140) })}
        />
      </FormField>
      <FormField label="Hosts">
        <RadioGroup
          value={draft.every ? 'every' : 'tags'}
          items={[
            { value: 'every', label: 'Every host', description: 'Also those that enrol later' },
            {
              value: 'tags',
              label: 'Hosts with any of some tags',
              description: 'Also those that get such a tag later',
            },
          ]}
          onChange={({ detail }) => change({ ...draft, every: detail.value === 'every' })}
        />
      </FormField>
      {draft.every ? null : (
        <FormField
          label="Tags"
          description="At most 10, separated by commas. A key without a value stands for any value."
          constraintText="env=prod, role=web"
          errorText={parsed.problem || (tried && parsed.tags.length === 0 ? 'Give at least one tag.' : '')}
        >
          <Input
            value={draft.tags}
            spellcheck={false}
            onChange={({ detail }) => change({ ...draft, tags: detail.value })}
          />
        </FormField>
      )}
      <FormField label="Hosts now">
        <HostPreview tags={draft.every ? undefined : parsed.tags} />
      </FormField>
    </SpaceBetween>
  );
}
