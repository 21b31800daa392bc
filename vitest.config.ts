import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';
import { oldestPostgres } from './test/support/postgres/oldest-postgres.ts';
import { whyNoPostgres } from './test/support/postgres/postgres-server.ts';
import { testFiles } from './test/support/projects/test-files.ts';
import { checkSharedData, withoutData } from './test/support/shared-data.ts';
import { readSeed } from './test/support/test-seed.ts';

const why = whyNoPostgres();
if (why !== undefined) console.warn(`SKIPPED: the tests of stores in PostgreSQL, for ${why}.`);

checkSharedData();
if (withoutData !== undefined) console.warn(`SKIPPED: the tests against real data: ${withoutData}.`);

const old = why === undefined ? oldestPostgres() : undefined;
if (why === undefined && old === undefined) {
  console.warn(
    'SKIPPED: the tests on an older PostgreSQL. Install 15, 16 or 17 (Debian 12: apt-get install postgresql).',
  );
}

const { sqlite, postgres, oldest, isolated } = testFiles(import.meta.dirname, {
  matrix: process.env.ASSAY_TEST_MATRIX === '1',
});
const alone = new Set(isolated);

/** Files share a worker, with the modules that it has loaded, unless they replace modules. */
const projectsOf = (name: string, files: readonly string[], options: object = {}) =>
  [
    { name, isolate: false, include: files.filter((path) => !alone.has(path)) },
    { name: `${name}-isolated`, isolate: true, include: files.filter((path) => alone.has(path)) },
  ]
    .filter(({ include }) => include.length > 0)
    .map((project) => ({ extends: true as const, test: { ...options, ...project } }));

export default defineConfig({
  test: {
    // Servers and real clients are started in tests: the limits are for hangs, not for speed.
    testTimeout: 120_000,
    hookTimeout: 120_000,
    // Vitest leaves a core to itself, but it has nothing to do once the files are transformed.
    maxWorkers: Math.max(2, availableParallelism()),
    env: { ASSAY_TEST_SEED: String(readSeed(process.env.ASSAY_TEST_SEED)) },
    setupFiles: 'test/support/setup.ts',
    projects: [
      ...projectsOf('sqlite', sqlite),
      ...(why === undefined
        ? projectsOf('postgres', postgres, { globalSetup: 'test/support/postgres/server-of-the-run.ts' })
        : []),
      ...(old === undefined
        ? []
        : projectsOf('oldest-postgres', oldest, { globalSetup: 'test/support/postgres/oldest-server-of-the-run.ts' })),
    ],
  },
});
