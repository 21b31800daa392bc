import type { TargetWindow } from '../../store/tables/target-windows.ts';
import { cronOf } from './next-time.ts';

const NAMES = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'] as const;
/** Openings that are looked at: one that summer time leaves out is none, and there are never so many in a row. */
const LOOKED_AT = 30;

type Window = Omit<TargetWindow, 'target'>;

/** The first time at or after a moment at which runs may begin, in milliseconds since the epoch. It goes by the zone's clock. */
export function opensAt(window: Window, from: number): number | undefined {
  if (isOpen(window, from)) return from;
  const cron = cronOf(
    `${window.from % 60} ${Math.floor(window.from / 60)} * * ${window.days.join(',')}`,
    window.timeZone,
  );
  let at = from;
  for (let look = 0; look < LOOKED_AT; look++) {
    const next = cron.nextRun(new Date(at))?.getTime();
    if (next === undefined) return undefined;
    if (isOpen(window, next)) return next;
    at = next;
  }
  return undefined;
}

/** `Mon Tue 22:00–05:00 Europe/Berlin`. */
export function windowWords({ days, from, to, timeZone }: Window): string {
  const on = days.length === NAMES.length ? 'every day' : days.map((day) => NAMES[day]).join(' ');
  return `${on} ${timeWords(from)}–${timeWords(to)} ${timeZone}`;
}

function isOpen({ days, from, to, timeZone }: Window, at: number): boolean {
  const { day, minute } = localTime(at, timeZone);
  if (from < to) return days.includes(day) && minute >= from && minute < to;
  return (days.includes(day) && minute >= from) || (days.includes((day + 6) % 7) && minute < to);
}

function localTime(at: number, timeZone: string): { readonly day: number; readonly minute: number } {
  const parts = new Intl.DateTimeFormat('en', {
    ...{ timeZone, weekday: 'short', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' },
  }).formatToParts(at);
  const part = (type: Intl.DateTimeFormatPartTypes): string => parts.find((each) => each.type === type)?.value ?? '';
  return {
    day: NAMES.findIndex((name) => part('weekday').startsWith(name)),
    minute: Number(part('hour')) * 60 + Number(part('minute')),
  };
}

const timeWords = (minute: number): string =>
  [Math.floor(minute / 60), minute % 60].map((each) => String(each).padStart(2, '0')).join(':');
