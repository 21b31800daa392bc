import type { Handle } from '../database/dialect.ts';
import { openReader } from '../database/open-database.ts';
import type { StoreLocation } from '../database/store-location.ts';
import { noSegmentCache } from '../segments/segment-cache.ts';
import { createCrossAccountRoles } from './cross-account-roles.ts';
import { createEventSubscriptions } from './event-subscriptions.ts';
import { createExclusions } from './exclusions.ts';
import { createFindings } from './findings.ts';
import { createResourceGroups } from './resource-groups.ts';
import { createRulesPackageSets } from './rules-package-sets.ts';
import { createRuns } from './runs.ts';
import { createTargets } from './targets.ts';
import { createTemplates } from './templates.ts';

/** An account in a region that the store has rows of. */
export interface StoredScope {
  readonly id: number;
  readonly account: string;
  readonly region: string;
}

/** The tables whose rows are exported by their ids, in batches. */
export type ExportedTable = 'resource_groups' | 'targets' | 'templates' | 'runs' | 'findings' | 'exclusions';

export type ExportReader = ReturnType<typeof connect>;

/**
 * Opens a store that exists for reading alone, as it is now: whatever servers write meanwhile, every read sees this one
 * moment, until it is closed.
 */
export async function openExportReader(location: StoreLocation): Promise<ExportReader> {
  const { db, dialect } = await openReader(location);
  const moment = await dialect.holdSnapshot(db);
  // The moment is that of the first read.
  await moment.db.selectFrom('scopes').select('id').limit(1).execute();
  const close = async (): Promise<void> => {
    await moment.release();
    await db.destroy();
  };
  return connect({ read: moment.db, write: moment.db, dialect, segments: noSegmentCache }, close);
}

function connect(handle: Handle, close: () => Promise<void>) {
  const { read } = handle;
  return {
    scopes: async (): Promise<StoredScope[]> =>
      read
        .selectFrom('scopes')
        .select(['id', 'account', 'region'])
        .orderBy('account')
        .orderBy('region')
        .orderBy('id')
        .execute(),
    count: async (table: ExportedTable, scope: number): Promise<number> => {
      const row = await read
        .selectFrom(table)
        .select((eb) => eb.fn.countAll<number>().as('count'))
        .where('scope', '=', scope)
        .executeTakeFirstOrThrow();
      return Number(row.count);
    },
    /** The next ids of a table, in their order. */
    idsAfter: async (table: ExportedTable, scope: number, after: string, limit: number): Promise<string[]> => {
      const rows = await read
        .selectFrom(table)
        .select('id')
        .where('scope', '=', scope)
        .where('id', '>', after)
        .orderBy('id')
        .limit(limit)
        .execute();
      return rows.map(({ id }) => id);
    },
    resourceGroups: createResourceGroups(handle),
    targets: createTargets(handle),
    templates: createTemplates(handle),
    rulesPackageSets: createRulesPackageSets(handle),
    runs: createRuns(handle),
    findings: createFindings(handle),
    exclusions: createExclusions(handle),
    eventSubscriptions: createEventSubscriptions(handle),
    crossAccountRoles: createCrossAccountRoles(handle),
    close,
  };
}
