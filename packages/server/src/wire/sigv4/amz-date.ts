/** `YYYYMMDDTHHMMSSZ`, from milliseconds since the epoch; the fraction of a second is dropped. */
export const formatAmzDate = (time: number): string => new Date(time).toISOString().replace(/[-:]|\.\d{3}/g, '');

/** What was parsed last: requests of one second say the same. */
let last: { readonly text: string; readonly time: number | undefined } | undefined;

/** Milliseconds since the epoch; undefined for anything but `YYYYMMDDTHHMMSSZ` naming an instant that there is. */
export function parseAmzDate(text: string): number | undefined {
  if (last?.text !== text) last = { text, time: parse(text) };
  return last.time;
}

function parse(text: string): number | undefined {
  const match = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(text);
  if (!match) return undefined;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = match.slice(1).map(Number);
  const time = Date.UTC(year, month - 1, day, hour, minute, second);
  // Date.UTC carries 31 April over into May, 24 o'clock into the next day and so on; the year 99 is one of 1999.
  const date = new Date(time);
  const isDay = date.getUTCDate() === day && date.getUTCMonth() === month - 1 && date.getUTCFullYear() === year;
  return isDay && hour < 24 && minute < 60 && second < 60 ? time : undefined;
}
