import { defineConfig } from 'vitest/config';
import { whyNoPostgres } from './test/support/postgres/postgres-server.ts';
import { testsOnPostgres } from './test/support/postgres/tests-on-postgres.ts';

/** Test files of one kind of store, or of none, though they reach for test-store.ts. */
const onSqliteAlone = [
  // SQLite itself.
  'test/store/**/sqlite*.test.ts',
  // They work on files that are not a store's.
  'test/cli/{audit,feeds,scan}.test.ts',
];
const onPostgresAlone = [
  'test/store/**/postgres*.test.ts',
  'test/runs/{three-servers,database-restart}.test.ts',
  'test/cli/migrate-store.test.ts',
];

const why = whyNoPostgres();
if (why !== undefined) console.warn(`SKIPPED: the tests of stores in PostgreSQL, for ${why}.`);

export default defineConfig({
  test: {
    // Servers and real clients are started in tests: the limits are for hangs, not for speed.
    testTimeout: 120_000,
    hookTimeout: 120_000,
    projects: [
      {
        extends: true,
        test: { name: 'sqlite', include: ['test/**/*.test.ts'], exclude: onPostgresAlone },
      },
      ...(why === undefined
        ? [
            {
              extends: true as const,
              test: {
                name: 'postgres',
                include: testsOnPostgres(import.meta.dirname),
                exclude: onSqliteAlone,
                globalSetup: 'test/support/postgres/server-of-the-run.ts',
              },
            },
          ]
        : []),
    ],
  },
});
