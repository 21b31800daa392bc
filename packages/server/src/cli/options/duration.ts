import { InvalidArgumentError } from 'commander';

/** Milliseconds of `90s`, `30m`, `1h` or `7d`; at most a year. */
export function duration(text: string): number {
  const [, count = '', unit = ''] = /^([1-9][0-9]{0,8})([smhd])$/.exec(text) ?? [];
  const milliseconds = Number(count) * ({ s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 }[unit] ?? 0);
  if (milliseconds === 0 || milliseconds > 366 * 86_400_000) {
    throw new InvalidArgumentError('It must be a number and s, m, h or d, such as 90s or 1h, and at most a year.');
  }
  return milliseconds;
}
