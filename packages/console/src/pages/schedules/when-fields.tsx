import FormField from '@cloudscape-design/components/form-field';
import Input from '@cloudscape-design/components/input';
import Select from '@cloudscape-design/components/select';
import SpaceBetween from '@cloudscape-design/components/space-between';
import type { ReactNode } from 'react';
import { readWhenDraft, type WhenDraft } from '../../data/when-draft.ts';

const kinds = [
  { value: 'daily', label: 'Every day' },
  { value: 'weekly', label: 'Every week' },
  { value: 'days', label: 'Every so many days from now' },
  { value: 'cron', label: 'By a cron expression' },
];
const weekdays = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'].map((label, value) => ({
  value: String(value),
  label,
}));
const windows = [
  { value: '3600', label: '1 hour' },
  { value: '14400', label: '4 hours' },
  { value: '43200', label: '12 hours' },
  { value: '86400', label: '1 day' },
];

interface WhenFieldsProps {
  readonly draft: WhenDraft;
  readonly change: (draft: WhenDraft) => void;
}

/** The fields of a schedule, but for its template. */
export function WhenFields({ draft, change }: WhenFieldsProps): ReactNode {
  const { problem } = readWhenDraft(draft);
  return (
    <SpaceBetween size="m">
      <FormField label="Repeat">
        <Select
          options={kinds}
          selectedOption={kinds.find(({ value }) => value === draft.kind) ?? null}
          onChange={({ detail }) => change({ ...draft, kind: detail.selectedOption.value as WhenDraft['kind'] })}
        />
      </FormField>
      {draft.kind === 'weekly' ? (
        <FormField label="Day">
          <Select
            options={weekdays}
            selectedOption={weekdays.find(({ value }) => value === draft.weekday) ?? null}
            onChange={({ detail }) => change({ ...draft, weekday: detail.selectedOption.value ?? '0' })}
          />
        </FormField>
      ) : null}
      {draft.kind === 'days' ? (
        <FormField label="Days" description="Days of 24 hours, from when the schedule is created." errorText={problem}>
          <Input type="number" value={draft.days} onChange={({ detail }) => change({ ...draft, days: detail.value })} />
        </FormField>
      ) : (
        <SpaceBetween size="m">
          {draft.kind === 'cron' ? (
            <FormField label="Cron expression" constraintText="minute hour day month weekday">
              <Input
                value={draft.cron}
                spellcheck={false}
                onChange={({ detail }) => change({ ...draft, cron: detail.value })}
              />
            </FormField>
          ) : (
            <FormField label="Time" constraintText="Hours and minutes: 03:00">
              <Input value={draft.time} onChange={({ detail }) => change({ ...draft, time: detail.value })} />
            </FormField>
          )}
          <FormField label="Time zone" errorText={problem}>
            <Input
              value={draft.timeZone}
              spellcheck={false}
              onChange={({ detail }) => change({ ...draft, timeZone: detail.value })}
            />
          </FormField>
        </SpaceBetween>
      )}
      <FormField
        label="Try for at most"
        description="A run whose hosts are still in another one waits. It is given up after this time."
      >
        <Select
          options={windows}
          selectedOption={windows.find(({ value }) => value === draft.window) ?? null}
          onChange={({ detail }) => change({ ...draft, window: detail.selectedOption.value ?? draft.window })}
        />
      </FormField>
    </SpaceBetween>
  );
}
