import { CompiledQuery } from 'kysely';
import { createCrossAccountRoles } from './cross-account-roles.ts';
import { createEventSubscriptions } from './event-subscriptions.ts';
import { createExclusions } from './exclusions.ts';
import { createFindings } from './findings.ts';
import { createResourceGroups } from './resource-groups.ts';
import { createRulesPackageSets } from './rules-package-sets.ts';
import { createRuns } from './runs.ts';
import { openSqliteReader, sqliteDialect } from './sqlite.ts';
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
 * Opens an embedded store that exists for reading alone, as it is now: whatever a server writes meanwhile, every read
 * sees this one moment, until it is closed.
 */
export async function openExportReader(file: string): Promise<ExportReader> {
  const read = openSqliteReader(file);
  // A transaction that reads holds its snapshot from its first read on. The handle has one connection.
  await read.executeQuery(CompiledQuery.raw('begin'));
  await read.selectFrom('scopes').select('id').limit(1).execute();
  return connect(read);
}

function connect(read: ReturnType<typeof openSqliteReader>) {
  const handle = { read, write: read, dialect: sqliteDialect };
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
    close: () => read.destroy(),
  };
}
