/**
 * How much a test does: `short` in `npm test`, so that the whole suite stays quick, and what `npm run campaign` asks for
 * in a campaign. `effort('kills', 4)` reads ASSAY_TEST_KILLS.
 */
export function effort(name: string, short: number): number {
  const text = process.env[`ASSAY_TEST_${name.toUpperCase().replaceAll('-', '_')}`];
  if (text === undefined || text === '') return short;
  const wanted = Number(text);
  if (!Number.isInteger(wanted) || wanted < 1) throw new Error(`--${name} is a whole number from 1 up, not ${text}`);
  return wanted;
}

/** So many runs of a property in `npm test`, and as many times more as a campaign asks for. */
export const propertyRuns = (short: number): number => short * effort('times', 1);
