import { percentile, type Row } from './report.ts';

/** How often each piece of work is done. */
export const GOES = 5;

/** What {@link bestOfGoes} gives, a column each. */
export const goesColumns = [`best of ${GOES}: p50 ms`, 'p99', 'max', 'first: p50 ms', 'p99', 'max'] as const;

/**
 * So many pieces of work, each several times over: the best go of each, which a machine that is shared with others
 * disturbs least, and the first as it came.
 */
export async function bestOfGoes(label: string, times: number, work: (at: number) => Promise<unknown>): Promise<Row> {
  const best: number[] = [];
  const first: number[] = [];
  for (let at = 0; at < times; at++) {
    const took: number[] = [];
    for (let go = 0; go < GOES; go++) {
      const began = performance.now();
      await work(at);
      took.push(performance.now() - began);
    }
    best.push(Math.min(...took));
    first.push(took[0] ?? Number.NaN);
  }
  return rowOf(label, best, first);
}

/** Of each list of milliseconds the middle, the 99th of 100, and the greatest. */
export const rowOf = (label: string, ...columns: readonly (readonly number[])[]): Row => ({
  label,
  values: columns.flatMap((taken) => [percentile(taken, 0.5), percentile(taken, 0.99), Math.max(...taken)]),
});
