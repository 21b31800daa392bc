/** Seconds of the wire as ISO 8601, to the millisecond. */
export const isoTime = (seconds: number): string => new Date(Math.round(seconds * 1000)).toISOString();

/** The same for people, to the minute: `2026-11-30 22:15Z`. */
export const minuteOf = (iso: string): string => `${iso.slice(0, 10)} ${iso.slice(11, 16)}Z`;

/** A stretch of time for people, such as `3m ago`. */
export function ago(milliseconds: number): string {
  const seconds = Math.max(0, Math.round(milliseconds / 1000));
  for (const [unit, size] of [
    ['d', 86_400],
    ['h', 3600],
    ['m', 60],
  ] as const) {
    if (seconds >= size) return `${Math.floor(seconds / size)}${unit} ago`;
  }
  return `${seconds}s ago`;
}
