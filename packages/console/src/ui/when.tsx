import type { ReactNode } from 'react';
import { formatAgo, formatTime, formatUtc } from '../format.ts';

/** A moment in the reader's time zone, with UTC on hover; `ago` says how long ago instead. Seconds since the epoch. */
export function When({ at, ago = false }: { readonly at: number | undefined; readonly ago?: boolean }): ReactNode {
  if (at === undefined) return '–';
  const utc = formatUtc(at);
  return (
    <time dateTime={new Date(at * 1000).toISOString()} title={ago ? `${formatTime(at)} (${utc})` : utc}>
      {ago ? formatAgo(at, Date.now() / 1000) : formatTime(at)}
    </time>
  );
}
