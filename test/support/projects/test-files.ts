import { globSync, readFileSync } from 'node:fs';
import { join, matchesGlob } from 'node:path';
import { filesWithAStore } from './files-with-a-store.ts';

/** Which test files run where; each path is relative to the repository, and the lists are sorted. */
export interface TestFiles {
  /** Once: with stores in SQLite, or with none. */
  readonly sqlite: readonly string[];
  /** With stores in PostgreSQL: tests of SQL for the second time, tests of PostgreSQL itself for the first. */
  readonly postgres: readonly string[];
  /** Those of them that touch every table and every kind of statement, for the oldest PostgreSQL that is supported. */
  readonly oldest: readonly string[];
  /** Those that replace modules: each needs a worker of its own. All others share workers. */
  readonly isolated: readonly string[];
}

/** Rooms whose tests are about what the store's SQL answers. */
const ABOUT_SQL = ['test/store/**', 'test/engine/**', 'test/operations/**'];
/** Tests elsewhere that are about it, too. */
const ALSO_ABOUT_SQL = [
  'test/cli/{diff,export,import,why}.test.ts',
  'test/runtime/{access-keys,backup}.test.ts',
  'test/runtime/sharing/shared-knowledge.test.ts',
  'test/runs/every-statement.test.ts',
];
/** Tests in those rooms that say nothing new about a second store, and take long to say it. */
const NOT_ABOUT_SQL = [
  // Shapes of input and output.
  'test/operations/inspector/conformance.test.ts',
  'test/operations/inspector/{list,describe}-rules-packages.test.ts',
  // Policies.
  'test/operations/authorize.test.ts',
  // HTTP on top of filters that runs-list.property.test.ts compares with brute force on both stores.
  'test/operations/inspector/list-assessment-runs.property.test.ts',
  'test/operations/two-accounts.property.test.ts',
  // Layout and links; that two servers share reports is in engine/jobs/report.test.ts.
  'test/operations/inspector/get-assessment-report.test.ts',
];
const OF_SQLITE = [
  'test/store/**/{sqlite*,log-on-disk}.test.ts',
  // They work on files that are not a store's.
  'test/cli/{audit,feeds,scan}.test.ts',
];
const OF_POSTGRES = [
  'test/store/**/postgres*.test.ts',
  'test/runs/{three-servers,two-servers-advisories,database-restart}.test.ts',
  'test/cli/migrate-store.test.ts',
];

const FOR_THE_OLDEST = [
  'test/store/{migrate,report-content,postgres-statistics,postgres-pipelined-reads}.test.ts',
  'test/store/tables/*.test.ts',
  'test/engine/jobs/{collect,evaluate,expire}.test.ts',
  'test/operations/statements.test.ts',
  'test/operations/inspector/{list-assessment-runs,list-findings}.test.ts',
];

/** Every pattern above. */
export const roomsOfTests: readonly string[] = [
  ...ABOUT_SQL,
  ...ALSO_ABOUT_SQL,
  ...NOT_ABOUT_SQL,
  ...OF_SQLITE,
  ...OF_POSTGRES,
  ...FOR_THE_OLDEST,
];

const REPLACES_MODULES = /\bvi\.(mock|doMock|resetModules)\(/;

/**
 * Sorts the test files below `root`. With `matrix`, as in campaigns, every test that opens a store runs on both kinds, and
 * test/campaigns/*.campaign.ts run too.
 */
export function testFiles(root: string, { matrix = false } = {}): TestFiles {
  const patterns = ['test/**/*.test.ts', ...(matrix ? ['test/campaigns/*.campaign.ts'] : [])];
  const all = globSync(patterns, { cwd: root }).sort();
  const postgres = filesWithAStore(root, all).filter((path) => {
    if (among(path, OF_POSTGRES)) return true;
    if (among(path, OF_SQLITE)) return false;
    return matrix || among(path, ALSO_ABOUT_SQL) || (among(path, ABOUT_SQL) && !among(path, NOT_ABOUT_SQL));
  });
  return {
    sqlite: all.filter((path) => !among(path, OF_POSTGRES)),
    postgres,
    oldest: postgres.filter((path) => among(path, FOR_THE_OLDEST)),
    isolated: all.filter((path) => REPLACES_MODULES.test(readFileSync(join(root, path), 'utf8'))),
  };
}

const among = (path: string, patterns: readonly string[]): boolean =>
  patterns.some((pattern) => matchesGlob(path, pattern));
