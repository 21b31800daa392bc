import { type Kysely, sql } from 'kysely';
import type { Db, Dialect } from './database/dialect.ts';
import { initial } from './migrations/0001-initial.ts';
import { blockIds } from './migrations/0002-block-ids.ts';
import { reportContent } from './migrations/0003-report-content.ts';
import { findingTerms } from './migrations/0004-finding-terms.ts';
import { settings } from './migrations/0005-settings.ts';
import { runTelemetry } from './migrations/0006-run-telemetry.ts';
import { findingTexts } from './migrations/0007-finding-texts.ts';
import { coveredPages } from './migrations/0008-covered-pages.ts';
import { pendingHosts } from './migrations/0009-pending-hosts.ts';
import { agentKinds } from './migrations/0010-agent-kinds.ts';
import { jobSubjects } from './migrations/0011-job-subjects.ts';
import { findingsByRule } from './migrations/0012-findings-by-rule.ts';
import { hostLife } from './migrations/0013-host-life.ts';
import { packageTerms } from './migrations/0014-package-terms.ts';
import { provenance } from './migrations/0015-provenance.ts';
import { eventDelivery } from './migrations/0016-event-delivery.ts';
import { schedules } from './migrations/0017-schedules.ts';
import { hostVisits } from './migrations/0018-host-visits.ts';
import { partialDeliveries } from './migrations/0019-partial-deliveries.ts';
import { conditionsAndWindows } from './migrations/0020-conditions-and-windows.ts';
import { sharedFiles } from './migrations/0021-shared-files.ts';
import { hostClaims } from './migrations/0022-host-claims.ts';
import { ForeignStoreError } from './store-fault.ts';

export interface Migration {
  readonly up: (db: Kysely<unknown>, dialect: Dialect) => Promise<void>;
}

/** In order, forward only: a released migration is never edited. */
const migrations: readonly Migration[] = [
  initial,
  blockIds,
  reportContent,
  findingTerms,
  settings,
  runTelemetry,
  findingTexts,
  coveredPages,
  pendingHosts,
  agentKinds,
  jobSubjects,
  findingsByRule,
  hostLife,
  packageTerms,
  provenance,
  eventDelivery,
  schedules,
  hostVisits,
  partialDeliveries,
  conditionsAndWindows,
  sharedFiles,
  hostClaims,
];

/** The store was written by a newer Assay than this one. */
export class NewerStoreError extends Error {}

/** The database holds what a move into it had copied when it ended: see move/move-store.ts. */
export class UnfinishedMoveError extends Error {}

/**
 * Brings the store to this program's version, each migration in a transaction of its own.
 * Throws {@link ForeignStoreError} where the file is another program's, {@link NewerStoreError} when the store is ahead, {@link UnfinishedMoveError} when its version is below zero,
 * which is how a move says that it is not done.
 */
export async function migrate(db: Db, dialect: Dialect, steps: readonly Migration[] = migrations): Promise<void> {
  for (;;) {
    const done = await dialect.transact(db, 'read committed', async (transaction) => {
      await dialect.lockSchema(transaction);
      await requireOwn(transaction, dialect);
      await sql`create table if not exists schema_version (version integer not null)`.execute(transaction);
      const { rows } = await sql<{ version: number }>`select version from schema_version`.execute(transaction);
      const version = rows[0]?.version ?? 0;
      requireKnownVersion(version, steps);
      if (version < 0) {
        throw new UnfinishedMoveError(
          'A store was being moved into this database, and that is not finished. Run assay migrate-store or assay restore again: it begins anew.',
        );
      }
      const next = steps[version];
      if (!next) return true;
      await next.up(transaction as unknown as Kysely<unknown>, dialect);
      await sql`delete from schema_version`.execute(transaction);
      await sql`insert into schema_version (version) values (${version + 1})`.execute(transaction);
      return false;
    });
    if (done) return;
  }
}

/** Throws {@link NewerStoreError}. */
export function requireKnownVersion(version: number, steps: readonly Migration[] = migrations): void {
  if (version <= steps.length) return;
  throw new NewerStoreError(
    `This store is of version ${version}; this Assay knows versions up to ${steps.length}. Run a newer Assay.`,
  );
}

/**
 * Throws {@link ForeignStoreError} for a file of SQLite with the tables of another program. A PostgreSQL database may have
 * some: those of extensions.
 */
async function requireOwn(db: Db, dialect: Dialect): Promise<void> {
  if (dialect.name !== 'sqlite') return;
  const { rows } = await sql<{ name: string }>`
    select name from sqlite_schema where type = 'table' and name not like 'sqlite%'
    order by name = 'schema_version' desc, name limit 1`.execute(db);
  const [first] = rows;
  if (first && first.name !== 'schema_version') {
    throw new ForeignStoreError(`It has a table ${JSON.stringify(first.name.slice(0, 64))} and no version of Assay`);
  }
}
