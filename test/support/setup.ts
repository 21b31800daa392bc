/** Runs before every test file: one seed for all properties, and one place that cleans up. */
import fc from 'fast-check';
import { afterAll, afterEach } from 'vitest';
import { afterEveryFile, afterEveryTest } from './cleanup.ts';
import { testSeed } from './test-seed.ts';

fc.configureGlobal({ seed: testSeed });

let failed = false;
afterEach(async ({ task }) => {
  failed ||= task.result?.state === 'fail';
  for (const work of afterEveryTest) await work();
});

afterAll(async () => {
  if (failed) console.warn(`ASSAY_TEST_SEED=${testSeed} repeats this run`);
  for (const work of afterEveryFile) await work();
});
