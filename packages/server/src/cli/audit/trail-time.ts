import { InvalidArgumentError } from 'commander';
import { DAY } from '../../domain/durations.ts';
import { duration } from '../options/duration.ts';

const ISO = /^\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,3})?)?(Z|[+-]\d{2}:\d{2})?)?$/;

/** The beginning of a time that somebody wrote, in milliseconds since the epoch: how long ago, a day, or a moment. */
export const beginning = (text: string): number => moment(text);

/** Its end: of a day that is the next. */
export const end = (text: string): number => moment(text) + (/^\d{4}-\d{2}-\d{2}$/.test(text) ? DAY : 0);

function moment(text: string): number {
  if (/^\d+[smhd]$/.test(text)) return Date.now() - duration(text);
  const [whole, zone] = ISO.exec(text) ?? [];
  const time = Date.parse(whole === undefined || zone !== undefined || !whole.includes('T') ? text : `${whole}Z`);
  if (whole === undefined || Number.isNaN(time)) {
    throw new InvalidArgumentError(
      'It must be 90s, 1h or 7d ago, 2026-03-31, or 2026-03-31T09:30:00Z (UTC unless stated).',
    );
  }
  return time;
}
