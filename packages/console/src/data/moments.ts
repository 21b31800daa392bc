/** `2026-03-04T09:05`, with seconds or without, in the reader's own time zone, as seconds since the epoch. */
export function parseMoment(text: string): number | undefined {
  if (!/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,3})?)?$/.test(text)) return undefined;
  const time = new Date(text).getTime();
  return Number.isNaN(time) ? undefined : time / 1000;
}
