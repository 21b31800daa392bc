import Checkbox from '@cloudscape-design/components/checkbox';
import FormField from '@cloudscape-design/components/form-field';
import Input from '@cloudscape-design/components/input';
import Multiselect from '@cloudscape-design/components/multiselect';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { type ReactNode, useState } from 'react';
import { useSession } from '../../app/session-context.ts';
import { dayWords, type TargetWindow, weekDays } from '../../data/target-windows.ts';
import type { TaggedTarget } from '../../data/targets.ts';
import { ConfirmModal } from '../../ui/confirm-modal.tsx';

interface EditWindowProps {
  readonly target: TaggedTarget;
  /** The window that it has. */
  readonly window: TargetWindow | undefined;
  readonly done: () => void;
  readonly close: () => void;
}

const TIME = /^([01][0-9]|2[0-3]):[0-5][0-9]$/;

/** Says when scheduled runs of a target may begin. */
export function EditWindow({ target, window, done, close }: EditWindowProps): ReactNode {
  const { assay, notify, whyNot } = useSession();
  const [anyTime, setAnyTime] = useState(false);
  const [days, setDays] = useState<readonly TargetWindow['days'][number][]>(window?.days ?? weekDays);
  const [from, setFrom] = useState(window?.from ?? '22:00');
  const [to, setTo] = useState(window?.to ?? '05:00');
  const [timeZone, setTimeZone] = useState(
    window?.timeZone ?? (Intl.DateTimeFormat().resolvedOptions().timeZone || 'UTC'),
  );
  const options = weekDays.map((day) => ({ value: day, label: dayWords(day) }));
  const wrong = (time: string): string => (TIME.test(time) ? '' : 'Give the time as hours:minutes, such as 22:00.');
  const ready = anyTime || (days.length > 0 && !wrong(from) && !wrong(to) && timeZone.trim() !== '');
  return (
    <ConfirmModal
      title={`When scheduled runs of ${target.name} may begin`}
      confirm="Save"
      ready={ready}
      close={close}
      act={async () => {
        if (anyTime) await assay('DeleteTargetWindow', { assessmentTargetArn: target.arn });
        else {
          await assay('SetTargetWindow', {
            assessmentTargetArn: target.arn,
            ...{ days: [...days], from, to, timeZone: timeZone.trim() },
          });
        }
        notify({ type: 'success', content: `Saved for ${target.name}.` });
        done();
      }}
    >
      <SpaceBetween size="m">
        {window && whyNot('assay:DeleteTargetWindow') === undefined ? (
          <Checkbox checked={anyTime} onChange={({ detail }) => setAnyTime(detail.checked)}>
            At any time
          </Checkbox>
        ) : null}
        {anyTime ? null : (
          <SpaceBetween size="m">
            <FormField label="Days" description="Those on which the window opens.">
              <Multiselect
                options={options}
                selectedOptions={options.filter(({ value }) => days.includes(value))}
                onChange={({ detail }) =>
                  setDays(weekDays.filter((day) => detail.selectedOptions.some(({ value }) => value === day)))
                }
              />
            </FormField>
            <FormField label="From" errorText={wrong(from)}>
              <Input value={from} onChange={({ detail }) => setFrom(detail.value)} />
            </FormField>
            <FormField
              label="To"
              description="On the next day where this is not later. Runs in progress go on."
              errorText={wrong(to)}
            >
              <Input value={to} onChange={({ detail }) => setTo(detail.value)} />
            </FormField>
            <FormField label="Time zone">
              <Input value={timeZone} spellcheck={false} onChange={({ detail }) => setTimeZone(detail.value)} />
            </FormField>
          </SpaceBetween>
        )}
      </SpaceBetween>
    </ConfirmModal>
  );
}
