import { sql } from 'kysely';
import type { Handle } from '../database/dialect.ts';
import { ofRuns, type RunSelection } from '../lists/run-selection.ts';

/** A job under a lease. Times in milliseconds since the epoch. */
export interface LeasedJob {
  readonly scope: number;
  /** What the kind works on: a run, a preview …; empty for upkeep. */
  readonly subject: string;
  readonly kind: string;
  /** How often it was taken up since it was last asked for or got on, this time included. */
  readonly attempts: number;
  /** How often a worker gave it back as failed in that time; the other attempts ended with their process. */
  readonly failures: number;
  readonly version: number;
  /** Who took it up, and when: no two claims have the same, not even of one worker. */
  readonly lease: string;
}

/**
 * Work as rows: at most one job of a kind a subject. Whoever holds the lease works; every later statement of theirs checks
 * that they still hold it, so that a worker that was too slow changes nothing.
 */
export function createJobs({ read, write, dialect }: Handle) {
  const held = (job: LeasedJob) => sql<boolean>`
    scope = ${job.scope} and subject = ${job.subject} and kind = ${job.kind} and lease_owner = ${job.lease}`;
  return {
    /** Asks for a job at a time; asking again brings it forward and counts as new work. */
    ask: async (scope: number, subject: string, kind: string, notBefore: number): Promise<void> => {
      await write
        .insertInto('jobs')
        .values({
          scope,
          subject,
          kind,
          not_before: notBefore,
          attempts: 0,
          failures: 0,
          version: 1,
          lease_owner: null,
          lease_expires_at: null,
        })
        .onConflict((conflict) =>
          conflict.columns(['scope', 'subject', 'kind']).doUpdateSet((eb) => ({
            not_before: notBefore,
            attempts: 0,
            failures: 0,
            version: eb('jobs.version', '+', 1),
          })),
        )
        .execute();
    },
    /**
     * Takes up to `limit` jobs that are due and that nobody holds, oldest first. `lease` names this claim: a worker
     * whose lease ended must not pass for the one that took its job over. Of all kinds unless some are given.
     */
    claim: async (
      lease: string,
      now: number,
      leaseExpiresAt: number,
      limit: number,
      kinds?: readonly string[],
    ): Promise<LeasedJob[]> => {
      const ofKinds = kinds ? sql`and kind in (${sql.join(kinds)})` : sql``;
      // A list of its own: as a part of the condition it could be asked again for every job, and lock others each time.
      const { rows } = await sql<Omit<LeasedJob, 'lease'>>`
        with due as materialized (
          select scope, subject, kind from jobs
          where not_before <= ${now} and (lease_expires_at is null or lease_expires_at <= ${now}) ${ofKinds}
          order by not_before limit ${limit} ${dialect.locking('for update skip locked')})
        update jobs set lease_owner = ${lease}, lease_expires_at = ${leaseExpiresAt}, attempts = attempts + 1
        where (scope, subject, kind) in (select scope, subject, kind from due)
        returning scope, subject, kind, attempts, failures, version`.execute(write);
      return rows.map((row) => ({ ...row, lease }));
    },
    /** False when the lease was lost. */
    renew: async (job: LeasedJob, leaseExpiresAt: number): Promise<boolean> => {
      const { numUpdatedRows } = await write
        .updateTable('jobs')
        .set({ lease_expires_at: leaseExpiresAt })
        .where(held(job))
        .executeTakeFirst();
      return numUpdatedRows > 0n;
    },
    /** Done: removes the job, unless it was asked for again meanwhile; then it is free to be taken up. */
    complete: async (job: LeasedJob): Promise<void> => {
      const { numDeletedRows } = await write
        .deleteFrom('jobs')
        .where(held(job))
        .where('version', '=', job.version)
        .executeTakeFirst();
      if (numDeletedRows === 0n) {
        await write.updateTable('jobs').set({ lease_owner: null, lease_expires_at: null }).where(held(job)).execute();
      }
    },
    /**
     * Gives the job back to be taken up later, unless it was asked for again meanwhile: then it is due as asked. UNTRIED
     * where nothing was learnt of it: it counts neither as got on nor as failed.
     */
    postpone: async (job: LeasedJob, notBefore: number, how: 'WAITING' | 'FAILED' | 'UNTRIED'): Promise<void> => {
      await write
        .updateTable('jobs')
        .set((eb) => ({
          lease_owner: null,
          lease_expires_at: null,
          not_before: eb.case().when('version', '=', job.version).then(notBefore).else(eb.ref('not_before')).end(),
          ...(how === 'WAITING' ? { attempts: 0, failures: 0 } : {}),
          ...(how === 'FAILED' ? { failures: eb('failures', '+', 1) } : {}),
          ...(how === 'UNTRIED'
            ? {
                attempts: eb
                  .case()
                  .when('attempts', '>', 0)
                  .then(eb('attempts', '-', 1))
                  .else(0)
                  .end(),
              }
            : {}),
        }))
        .where(held(job))
        .execute();
    },
    /** A part of the work is done for good, so what went wrong before it does not count any more. */
    noteProgress: async (scope: number, subject: string, kind: string): Promise<void> => {
      await write
        .updateTable('jobs')
        .set({ attempts: 0, failures: 0 })
        .where('scope', '=', scope)
        .where('subject', '=', subject)
        .where('kind', '=', kind)
        .execute();
    },
    /** Frees every job that is held: for the one server that knows that no other lives. */
    freeAll: async (): Promise<void> => {
      await write
        .updateTable('jobs')
        .set({ lease_owner: null, lease_expires_at: null })
        .where('lease_owner', 'is not', null)
        .execute();
    },
    /**
     * Brings back to now what lies further ahead than anything waits, and frees what is held for longer than a lease lasts: a
     * clock was ahead when it was written. `slow` are the kinds that may wait until `latestOfSlow`. Gives how many there were.
     */
    bringBack: async (
      now: number,
      {
        latest,
        slow,
        latestOfSlow,
      }: { readonly latest: number; readonly slow: readonly string[]; readonly latestOfSlow: number },
    ): Promise<number> => {
      const isSlow = slow.length > 0 ? sql<boolean>`kind in (${sql.join(slow)})` : sql<boolean>`1 = 0`;
      const ahead = sql<boolean>`(not_before > ${latestOfSlow} or (not_before > ${latest} and not (${isSlow})))`;
      const misdated = sql<boolean>`(${ahead} or lease_expires_at > ${latest})`;
      // Only read where there is nothing to do, which is always.
      if (!(await read.selectFrom('jobs').select('kind').where(misdated).limit(1).executeTakeFirst())) return 0;
      const { numUpdatedRows } = await write
        .updateTable('jobs')
        .set({
          not_before: sql<number>`case when ${ahead} then ${sql.lit(now)} else not_before end`,
          lease_owner: sql<string | null>`case when lease_expires_at > ${latest} then null else lease_owner end`,
          lease_expires_at: sql<
            number | null
          >`case when lease_expires_at > ${latest} then null else lease_expires_at end`,
        })
        .where(misdated)
        .executeTakeFirst();
      return Number(numUpdatedRows);
    },
    /** When the next job of each kind can be taken up; kinds without a job are left out. */
    due: async (): Promise<ReadonlyMap<string, number>> => {
      const rows = await read
        .selectFrom('jobs')
        .select([
          'kind',
          sql<number>`min(case when lease_expires_at > not_before then lease_expires_at else not_before end)`.as('due'),
        ])
        .groupBy('kind')
        .execute();
      return new Map(rows.map(({ kind, due }) => [kind, due]));
    },
    delete: async (scope: number, which: RunSelection): Promise<void> => {
      await write
        .deleteFrom('jobs')
        .where('scope', '=', scope)
        .where(ofRuns('subject', scope, which))
        .execute();
    },
  };
}
