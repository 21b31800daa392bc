/** Seconds of the wire as ISO 8601, to the millisecond. */
export const isoTime = (seconds: number): string => new Date(Math.round(seconds * 1000)).toISOString();

/** The same for people, to the minute: `2026-11-30 22:15Z`. */
export const minuteOf = (iso: string): string => `${iso.slice(0, 10)} ${iso.slice(11, 16)}Z`;
