import Button from '@cloudscape-design/components/button';
import Calendar from '@cloudscape-design/components/calendar';
import DateInput from '@cloudscape-design/components/date-input';
import FormField from '@cloudscape-design/components/form-field';
import SpaceBetween from '@cloudscape-design/components/space-between';
import TimeInput from '@cloudscape-design/components/time-input';
import type { ReactNode } from 'react';
import { zoneOf } from '../format.ts';

interface MomentFormProps {
  /** `2026-03-01T10:00`, in the reader's own time zone. */
  readonly value: unknown;
  readonly onChange: (value: string | null) => void;
}

const ago = [
  { text: 'An hour ago', minutes: 60 },
  { text: 'A day ago', minutes: 1440 },
  { text: 'A week ago', minutes: 10_080 },
];

/** The day and time of a filter. */
export function MomentForm({ value, onChange }: MomentFormProps): ReactNode {
  const [day = '', time = ''] = typeof value === 'string' ? value.split('T') : [];
  const change = (nextDay: string, nextTime: string): void =>
    onChange(nextDay === '' ? null : `${nextDay}T${/^\d\d:\d\d/.test(nextTime) ? nextTime : '00:00'}`);
  return (
    <SpaceBetween size="s">
      <SpaceBetween direction="horizontal" size="xs">
        {ago.map(({ text, minutes }) => (
          <Button key={text} variant="inline-link" onClick={() => onChange(localMoment(Date.now() - minutes * 60_000))}>
            {text}
          </Button>
        ))}
      </SpaceBetween>
      <FormField label="Day">
        <DateInput value={day} placeholder="YYYY/MM/DD" onChange={({ detail }) => change(detail.value, time)} />
      </FormField>
      <Calendar value={day} onChange={({ detail }) => change(detail.value, time)} />
      <FormField label="Time" constraintText={zoneOf(-new Date().getTimezoneOffset())}>
        <TimeInput
          format="hh:mm"
          placeholder="hh:mm"
          value={time}
          onChange={({ detail }) => (day === '' ? undefined : onChange(`${day}T${detail.value}`))}
        />
      </FormField>
    </SpaceBetween>
  );
}

/** A moment in the reader's time zone, to the minute. */
function localMoment(milliseconds: number): string {
  const local = new Date(milliseconds - new Date(milliseconds).getTimezoneOffset() * 60_000);
  return local.toISOString().slice(0, 'yyyy-mm-ddThh:mm'.length);
}
