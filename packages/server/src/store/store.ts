import type { Handle, Isolation } from './database/dialect.ts';
import { openDatabase } from './database/open-database.ts';
import type { StoreLocation } from './database/store-location.ts';
import { createLists } from './lists/lists.ts';
import { migrate } from './migrate.ts';
import { createSegmentCache, noSegmentCache } from './segments/segment-cache.ts';
import { createAccessKeys } from './tables/access-keys.ts';
import { createAgents } from './tables/agents.ts';
import { createCrossAccountRoles } from './tables/cross-account-roles.ts';
import { createEnrollmentTokens } from './tables/enrollment-tokens.ts';
import { createEvaluations } from './tables/evaluations.ts';
import { createEventSubscriptions } from './tables/event-subscriptions.ts';
import { createEvidence } from './tables/evidence.ts';
import { createExclusionPreviews } from './tables/exclusion-previews.ts';
import { createExclusions } from './tables/exclusions.ts';
import { createFindings } from './tables/findings.ts';
import { createJobs } from './tables/jobs.ts';
import { createOutbox } from './tables/outbox.ts';
import { createReports } from './tables/reports.ts';
import { createResourceGroups } from './tables/resource-groups.ts';
import { createRulesPackageSets } from './tables/rules-package-sets.ts';
import { createRunAgents } from './tables/run-agents.ts';
import { createRuns } from './tables/runs.ts';
import { createSchedules } from './tables/schedules.ts';
import { createScopes } from './tables/scopes.ts';
import { createSettings } from './tables/settings.ts';
import { createSharedFiles } from './tables/shared-files.ts';
import { createTargetWindows } from './tables/target-windows.ts';
import { createTargets } from './tables/targets.ts';
import { createTemplates } from './tables/templates.ts';
import { createToldConditions } from './tables/told-conditions.ts';
import { createTopics } from './tables/topics.ts';

const createTables = (handle: Handle) => ({
  scopes: createScopes(handle),
  accessKeys: createAccessKeys(handle),
  resourceGroups: createResourceGroups(handle),
  targets: createTargets(handle),
  templates: createTemplates(handle),
  rulesPackageSets: createRulesPackageSets(handle),
  runs: createRuns(handle),
  runAgents: createRunAgents(handle),
  agents: createAgents(handle),
  enrollmentTokens: createEnrollmentTokens(handle),
  evidence: createEvidence(handle),
  evaluations: createEvaluations(handle),
  findings: createFindings(handle),
  exclusions: createExclusions(handle),
  eventSubscriptions: createEventSubscriptions(handle),
  schedules: createSchedules(handle),
  targetWindows: createTargetWindows(handle),
  toldConditions: createToldConditions(handle),
  topics: createTopics(handle),
  outbox: createOutbox(handle),
  exclusionPreviews: createExclusionPreviews(handle),
  crossAccountRoles: createCrossAccountRoles(handle),
  reports: createReports(handle),
  jobs: createJobs(handle),
  settings: createSettings(handle),
  sharedFiles: createSharedFiles(handle),
  lists: createLists(handle),
});

/** One port a table. A caller asks for those that it uses: `Pick<Tables, 'runs' | 'jobs'>`. */
export type Tables = ReturnType<typeof createTables>;

/**
 * All that is written in `work` is committed together when it returns, and nothing of it when it throws. Where several
 * transactions write at once, `work` is run again from its beginning after it met another: it may change nothing outside
 * of the store.
 */
export type Transaction = <T>(work: (tables: Tables) => Promise<T>, isolation?: Isolation) => Promise<T>;

export interface Store extends Tables {
  readonly transaction: Transaction;
  /**
   * Frees the jobs of workers that died with their process, so that nothing waits for their leases to end. False, and
   * nothing is freed, while another server works on this store.
   */
  readonly takeOver: () => Promise<boolean>;
  /** True when no other server or command says that it works on this store. */
  readonly alone: () => Promise<boolean>;
  /** After {@link takeOver}, now and then: a database that was started again has forgotten who works on the store. */
  readonly stay: () => Promise<void>;
  /**
   * What was committed, and can be read, but is not on disk yet: settles when it is, or cannot be; undefined where all of
   * it is. Whoever writes has waited for it; whoever tells others what was read does.
   */
  readonly pending: () => Promise<void> | undefined;
  /** See Dialect.analyze. */
  readonly analyze: (which: 'ALL' | 'DOUBLED') => Promise<void>;
  /** Answers a trivial query: throws where the database cannot. */
  readonly ping: () => Promise<void>;
  readonly close: () => Promise<void>;
}

export interface StoreOptions {
  /** Bytes of lists that are kept in memory, once they were read. */
  readonly listCache?: number;
}

/** Where nobody says how much. A million runs take some 60 MiB, as far as lists of them are asked for. */
const LIST_CACHE = 192 * 1024 * 1024;

/** Opens a store, made and brought to this version where needed. */
export async function openStore(
  location: StoreLocation,
  { listCache = LIST_CACHE }: StoreOptions = {},
): Promise<Store> {
  const { dialect, read, write, presence, pending, close } = await openDatabase(location);
  try {
    await migrate(write, dialect);
  } catch (error) {
    await close();
    throw error;
  }
  const tables = createTables({ read, write, dialect, segments: createSegmentCache(listCache) });
  return {
    ...tables,
    transaction: (work, isolation = 'serializable') =>
      dialect.transact(write, isolation, (db) =>
        work(createTables({ read: db, write: db, dialect, segments: noSegmentCache })),
      ),
    takeOver: async () => {
      const alone = await presence.alone();
      if (alone) await tables.jobs.freeAll();
      return alone;
    },
    alone: presence.alone,
    stay: presence.stay,
    pending,
    analyze: (which) => dialect.analyze(write, which),
    ping: async () => {
      await read.selectFrom('scopes').select('id').limit(1).execute();
    },
    close,
  };
}
