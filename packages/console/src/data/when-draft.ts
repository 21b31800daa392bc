import type { AssayInput } from '@assay/model/assay/operations.ts';

type When = Pick<AssayInput<'CreateSchedule'>, 'everyDays' | 'cron' | 'timeZone' | 'windowInSeconds'>;

/** When runs start, as somebody fills it in. */
export interface WhenDraft {
  readonly kind: 'days' | 'daily' | 'weekly' | 'cron';
  readonly days: string;
  /** `03:00`, in the time zone. */
  readonly time: string;
  /** 0 is Sunday. */
  readonly weekday: string;
  readonly cron: string;
  readonly timeZone: string;
  readonly window: string;
}

/** Every night at three, by the reader's own clock. */
export const usualWhen = (): WhenDraft => ({
  kind: 'daily',
  days: '7',
  time: '03:00',
  weekday: '0',
  cron: '0 3 * * 1-5',
  timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone || 'UTC',
  window: '3600',
});

/** What a draft asks of the API; `problem` is why it cannot be used yet, in words. */
export function readWhenDraft(draft: WhenDraft): { readonly when: When; readonly problem: string } {
  const windowInSeconds = Number(draft.window);
  if (draft.kind === 'days') {
    const everyDays = Number(draft.days);
    const valid = Number.isInteger(everyDays) && everyDays >= 1 && everyDays <= 365;
    return { when: { everyDays, windowInSeconds }, problem: valid ? '' : 'Give a number of days from 1 to 365.' };
  }
  const timeZone = draft.timeZone.trim() || 'UTC';
  if (!isTimeZone(timeZone))
    return { when: {}, problem: `“${timeZone}” is no time zone: give one like Europe/Berlin.` };
  if (draft.kind === 'cron') {
    const cron = draft.cron.trim();
    const problem = cron.split(/\s+/).length === 5 ? '' : 'A cron expression has five fields: 0 3 * * 1-5';
    return { when: { cron, timeZone, windowInSeconds }, problem };
  }
  const [, hour = '', minute = ''] = /^([01]?\d|2[0-3]):([0-5]\d)$/.exec(draft.time.trim()) ?? [];
  const cron = `${Number(minute)} ${Number(hour)} * * ${draft.kind === 'weekly' ? draft.weekday : '*'}`;
  return {
    when: { cron, timeZone, windowInSeconds },
    problem: hour === '' ? 'Give the time as hours:minutes, such as 03:00.' : '',
  };
}

function isTimeZone(name: string): boolean {
  try {
    return Boolean(new Intl.DateTimeFormat('en', { timeZone: name }));
  } catch {
    return false;
  }
}
