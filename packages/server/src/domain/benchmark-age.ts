import type { BenchmarkContent } from './benchmarks.ts';
import { DAY } from './durations.ts';

const TWO_YEARS = 2 * 365 * DAY;

/** When the benchmark of SCAP content was released, its age in seconds, and whether that is more than two years. */
export function benchmarkAge(
  { profiles }: Pick<BenchmarkContent, 'profiles'>,
  now: number,
): { readonly released: string | null; readonly ageSeconds: number | null; readonly old: boolean } {
  const released = profiles[0]?.released ?? null;
  const age = released === null ? null : Math.max(0, now - Date.parse(released));
  return {
    released,
    ageSeconds: age === null ? null : Math.round(age / 1000),
    old: age !== null && age > TWO_YEARS,
  };
}
