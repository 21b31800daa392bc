import { InvalidArgumentError } from 'commander';
import { DAY, HOUR, MINUTE } from '../../domain/durations.ts';

/** Milliseconds of `90s`, `30m`, `1h` or `7d`; at most a year. */
export function duration(text: string): number {
  const [, count = '', unit = ''] = /^([1-9][0-9]{0,8})([smhd])$/.exec(text) ?? [];
  const milliseconds = Number(count) * ({ s: 1000, m: MINUTE, h: HOUR, d: DAY }[unit] ?? 0);
  if (milliseconds === 0 || milliseconds > 366 * DAY) {
    throw new InvalidArgumentError('It must be a number and s, m, h or d, such as 90s or 1h, and at most a year.');
  }
  return milliseconds;
}
