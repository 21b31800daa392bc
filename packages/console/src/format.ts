const two = (value: number): string => String(value).padStart(2, '0');

/** A moment of the API (seconds since the epoch) in the reader's own time zone, which is named: `2026-03-04 09:05:07 UTC+1`. */
export function formatTime(seconds: number): string {
  const date = new Date(seconds * 1000);
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  const time = `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
  return `${day} ${time} ${zoneOf(-date.getTimezoneOffset())}`;
}

/** The same moment in UTC: `2026-03-04 08:05:07 UTC`. */
export const formatUtc = (seconds: number): string =>
  `${new Date(seconds * 1000).toISOString().slice(0, 19).replace('T', ' ')} UTC`;

/** Minutes ahead of UTC as `UTC`, `UTC+1`, `UTC-3:30`. */
export function zoneOf(minutes: number): string {
  if (minutes === 0) return 'UTC';
  const size = Math.abs(minutes);
  const rest = size % 60 === 0 ? '' : `:${two(size % 60)}`;
  return `UTC${minutes < 0 ? '-' : '+'}${Math.floor(size / 60)}${rest}`;
}

/** How long ago a moment was: `now`, `5 min ago`, `3 d ago`; of one to come: `in 2 h`. */
export function formatAgo(seconds: number, now: number): string {
  const away = now - seconds;
  const [first = ''] = /^\d+ (?:d|h|min)/.exec(formatDuration(Math.abs(away))) ?? [];
  if (first === '') return 'now';
  return away < 0 ? `in ${first}` : `${first} ago`;
}

/** A length of time, two units at most: `45 s`, `12 min 5 s`, `1 h`, `2 d 3 h`. */
export function formatDuration(seconds: number): string {
  if (seconds < 1) return '< 1 s';
  const whole = Math.round(seconds);
  const units = [
    ['d', 86_400],
    ['h', 3600],
    ['min', 60],
    ['s', 1],
  ] as const;
  const first = units.findIndex(([, size]) => whole >= size);
  let rest = whole;
  const parts = units.slice(first, first + 2).map(([unit, size]) => {
    const count = Math.floor(rest / size);
    rest -= count * size;
    return count > 0 ? `${count} ${unit}` : '';
  });
  return parts.filter(Boolean).join(' ');
}

/** `1.4 KB`, in steps of 1,000. */
export function formatBytes(bytes: number): string {
  const units = ['B', 'KB', 'MB', 'GB'];
  let value = bytes;
  let unit = 0;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${unit === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${units[unit]}`;
}

/** `COMPLETED_WITH_ERRORS` as `Completed with errors`. */
export function sentence(constant: string): string {
  const words = constant.replaceAll('_', ' ').toLowerCase();
  return words.slice(0, 1).toUpperCase() + words.slice(1);
}

/** `1 host`, `2 hosts`. */
export const count = (number: number, noun: string): string =>
  `${number.toLocaleString('en')} ${noun}${number === 1 ? '' : 's'}`;
