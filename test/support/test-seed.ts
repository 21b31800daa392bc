/**
 * The one seed of everything random in the tests: fast-check's properties and {@link seededRandom}'s users. It differs from
 * run to run and is printed with every failure; `ASSAY_TEST_SEED=N npm test` repeats a run.
 */
export const testSeed = readSeed(process.env.ASSAY_TEST_SEED);

/** The seed that a text names; a new one where there is none. Throws on a text that is not a 32-bit integer. */
export function readSeed(text: string | undefined): number {
  if (text === undefined || text === '') return Math.floor(Math.random() * 2 ** 31);
  const seed = Number(text);
  if (!Number.isInteger(seed) || seed !== (seed | 0)) {
    throw new Error(`ASSAY_TEST_SEED is a whole number of 32 bits, not ${JSON.stringify(text)}`);
  }
  return seed;
}
