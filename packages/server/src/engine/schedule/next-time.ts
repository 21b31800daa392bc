import { Cron } from 'croner';
import { DAY } from '../../domain/durations.ts';
import type { Schedule } from '../../store/tables/schedules.ts';

/**
 * The first time of a schedule after a moment, in milliseconds since the epoch. Every N days is counted from the creation, in
 * days of 24 hours. A cron expression goes by the clock of its time zone: a time that summer time leaves out is the moment after the
 * gap. Undefined where there is none any more.
 */
export function nextTime({ when, createdAt }: Pick<Schedule, 'when' | 'createdAt'>, after: number): number | undefined {
  if ('everyDays' in when) {
    const step = when.everyDays * DAY;
    return createdAt + Math.max(1, Math.floor((after - createdAt) / step) + 1) * step;
  }
  return cronOf(when.cron, when.timeZone).nextRun(new Date(after))?.getTime();
}

/** Throws an Error that says what is wrong with the expression or the time zone. */
export const cronOf = (expression: string, timezone: string): Cron =>
  new Cron(expression, { timezone, mode: '5-part', paused: true });
