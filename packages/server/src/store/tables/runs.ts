import { sql } from 'kysely';
import type { Run, RunNotification, RunOrigin, StateChange } from '../../domain/run.ts';
import type { RunKnowledge } from '../../domain/run-knowledge.ts';
import { liveStates } from '../../domain/run-machine.ts';
import type { UserAttribute } from '../../domain/template.ts';
import { yieldToEventLoop } from '../../domain/yield-to-event-loop.ts';
import type { Handle } from '../database/dialect.ts';
import { activeRuns, countActiveRuns } from '../lists/active-runs.ts';
import { listRuns, type RunReference, reference } from '../lists/list-runs.ts';
import type { Position } from '../lists/position.ts';
import { preparedByIds } from '../lists/prepared-by-ids.ts';
import type { RunFilter } from '../lists/run-filter.ts';
import { runLayout } from '../lists/run-layout.ts';
import { ofRuns, type RunSelection } from '../lists/run-selection.ts';
import { recordDelta, recordDeltaOf } from '../segments/delta-store.ts';

/** The most that a run's list holds in the API's model. */
const MAX_NOTIFICATIONS = 50;

const findMany = preparedByIds((db, scope) => db.selectFrom('runs').selectAll().where('scope', '=', scope));

export function createRuns(handle: Handle) {
  const { read, write, dialect } = handle;
  return {
    insertMany: async (scope: number, runs: readonly Run[]): Promise<void> => {
      await write
        .insertInto('runs')
        .values(runs.map((run) => encode(scope, run)))
        .execute();
      await recordDelta({ write, dialect }, runLayout, scope, runs.map(place));
    },
    /**
     * Adds history, at most 1,000 at once; what has its id, or its name in its template, already is left as it is.
     * Returns the ids that were new.
     */
    importMany: async (scope: number, runs: readonly Run[]): Promise<ReadonlySet<string>> => {
      const added = await write
        .insertInto('runs')
        .values(runs.map((run) => encode(scope, run)))
        .onConflict((conflict) => conflict.doNothing())
        .returning('id')
        .execute();
      const ids = new Set(added.map(({ id }) => id));
      await recordDelta({ write, dialect }, runLayout, scope, runs.filter(({ id }) => ids.has(id)).map(place));
      return ids;
    },
    findMany: async (scope: number, ids: readonly string[]): Promise<Run[]> =>
      (await findMany(handle, scope, ids)).map(decode),
    nameTaken: async (scope: number, template: string, name: string): Promise<boolean> => {
      const row = await read
        .selectFrom('runs')
        .select('id')
        .where('scope', '=', scope)
        .where('template', '=', template)
        .where('name', '=', name)
        .executeTakeFirst();
      return row !== undefined;
    },
    /** Newest first: the order is (createdAt, id), both of which never change. */
    list: (scope: number, filter: RunFilter, after: Position | undefined, limit: number): Promise<RunReference[]> =>
      listRuns(handle, scope, filter, after, limit),
    /** Runs that have not ended, of a target or of one of its templates. */
    listLive: async (
      scope: number,
      parent: { readonly target: string } | { readonly template: string },
      limit: number,
    ): Promise<RunReference[]> => {
      let query = read.selectFrom('runs').select(reference).where('scope', '=', scope).where('state', 'in', liveStates);
      query =
        'target' in parent ? query.where('target', '=', parent.target) : query.where('template', '=', parent.template);
      return query.orderBy('created_at', 'desc').orderBy('id', 'desc').limit(limit).execute();
    },
    /** Which of the templates have a run: a template of imported history may be known by its runs alone. */
    templatesWithRuns: async (
      scope: number,
      templates: readonly { readonly id: string; readonly target: string }[],
    ): Promise<{ readonly id: string; readonly target: string }[]> => {
      // One look at an index for each, however many runs it has.
      const each = templates.map(
        ({ id, target }) => sql`select * from (select template as id, target from runs
          where scope = ${scope} and target = ${target} and template = ${id} limit 1) as one`,
      );
      const { rows } = await sql<{ id: string; target: string }>`${sql.join(each, sql` union all `)}`.execute(read);
      return rows;
    },
    newestOfTemplate: async (scope: number, template: string): Promise<RunReference | undefined> =>
      read
        .selectFrom('runs')
        .select(reference)
        .where('scope', '=', scope)
        .where('template', '=', template)
        .orderBy('created_at', 'desc')
        .orderBy('id', 'desc')
        .limit(1)
        .executeTakeFirst(),
    /** The id of the newest run of a template that has ended. */
    newestEnded: async (scope: number, template: string): Promise<string | undefined> => {
      const row = await read
        .selectFrom('runs')
        .select('id')
        .where('scope', '=', scope)
        .where('template', '=', template)
        .where('completed_at', 'is not', null)
        .orderBy('created_at', 'desc')
        .orderBy('id', 'desc')
        .limit(1)
        .executeTakeFirst();
      return row?.id;
    },
    /** The ids of runs that have not ended. */
    going: async (scope: number, limit: number): Promise<string[]> => {
      const rows = await activeRuns(read, scope).select('id').limit(limit).execute();
      return rows.map(({ id }) => id);
    },
    /** The run of its template before it that completed here. */
    completedBefore: async (
      scope: number,
      { id, template, createdAt }: Pick<Run, 'id' | 'template' | 'createdAt'>,
    ): Promise<Pick<Run, 'id' | 'name' | 'createdAt'> | undefined> =>
      read
        .selectFrom('runs')
        .select(['id', 'name', 'created_at as createdAt'])
        .where('scope', '=', scope)
        .where('template', '=', template)
        .where((eb) => eb(eb.refTuple('created_at', 'id'), '<', eb.tuple(createdAt, id)))
        .where('state', 'in', ['COMPLETED', 'COMPLETED_WITH_ERRORS'])
        .where('imported', '=', 0)
        .orderBy('created_at', 'desc')
        .orderBy('id', 'desc')
        .limit(1)
        .executeTakeFirst(),
    /** How many runs have not ended. */
    countGoing: async (scope: number): Promise<number> =>
      Number((await countActiveRuns(read, scope).executeTakeFirstOrThrow()).count),
    /** How many runs count towards the limit: those that were started here. */
    countStarted: async (scope: number): Promise<number> => {
      const row = await read
        .selectFrom('runs')
        .select((eb) => eb.fn.countAll<number>().as('count'))
        .where('scope', '=', scope)
        .where('imported', '=', 0)
        .executeTakeFirstOrThrow();
      return Number(row.count);
    },
    /** Writes a step: false when the run is no longer in the state that the step was made from. */
    advance: async (scope: number, from: Run, to: Run): Promise<boolean> => {
      const { numUpdatedRows } = await write
        .updateTable('runs')
        .set({
          state: to.state,
          state_changes: JSON.stringify(to.stateChanges),
          state_changed_at: to.stateChangedAt,
          started_at: to.startedAt,
          completed_at: to.completedAt,
          data_collected: to.dataCollected ? 1 : 0,
          finding_counts: JSON.stringify(to.findingCounts),
        })
        .where('scope', '=', scope)
        .where('id', '=', from.id)
        .where('state', '=', from.state)
        .executeTakeFirst();
      if (numUpdatedRows === 0n) return false;
      await recordDelta({ write, dialect }, runLayout, scope, [place(from)]);
      return true;
    },
    /** Adds notifications, and keeps the newest {@link MAX_NOTIFICATIONS}. Call it in a transaction; a run that is gone has none. */
    addNotifications: async (scope: number, run: string, added: readonly RunNotification[]): Promise<void> => {
      if (added.length === 0) return;
      const row = await read
        .selectFrom('runs')
        .select('notifications')
        .where('scope', '=', scope)
        .where('id', '=', run)
        .executeTakeFirst();
      if (!row) return;
      const before = JSON.parse(row.notifications) as RunNotification[];
      // Topics are told at different times of what happened.
      const all = [...before, ...added].toSorted((one, other) => one.date - other.date).slice(-MAX_NOTIFICATIONS);
      await write
        .updateTable('runs')
        .set({ notifications: JSON.stringify(all) })
        .where('scope', '=', scope)
        .where('id', '=', run)
        .execute();
    },
    /** Notes what a run is judged by: while it is evaluated, or before. */
    setKnowledge: async (scope: number, run: string, knowledge: RunKnowledge): Promise<void> => {
      await write
        .updateTable('runs')
        .set({ knowledge: JSON.stringify(knowledge) })
        .where('scope', '=', scope)
        .where('id', '=', run)
        .execute();
    },
    /** Deletes one run, those of a template, or those of a target. Returns how many. */
    delete: async (scope: number, which: RunSelection): Promise<number> => {
      await recordDeltaOf(write, runLayout, scope, ofRuns('id', scope, which));
      await yieldToEventLoop();
      const { numDeletedRows } = await write
        .deleteFrom('runs')
        .where('scope', '=', scope)
        .where(ofRuns('id', scope, which))
        .executeTakeFirst();
      return Number(numDeletedRows);
    },
  };
}

const place = ({ createdAt, id }: Run): Position => ({ at: createdAt, id });

function encode(scope: number, run: Run) {
  return {
    scope,
    id: run.id,
    target: run.target,
    template: run.template,
    name: run.name,
    state: run.state,
    duration: run.duration,
    rules_packages: run.rulesPackages,
    user_attributes: JSON.stringify(run.userAttributes),
    created_at: run.createdAt,
    started_at: run.startedAt,
    completed_at: run.completedAt,
    state_changed_at: run.stateChangedAt,
    data_collected: run.dataCollected ? 1 : 0,
    finding_counts: JSON.stringify(run.findingCounts),
    state_changes: JSON.stringify(run.stateChanges),
    notifications: JSON.stringify(run.notifications),
    imported: run.imported ? 1 : 0,
    knowledge: run.knowledge ? JSON.stringify(run.knowledge) : null,
    origin: run.origin ? JSON.stringify(run.origin) : null,
  };
}

function decode(row: ReturnType<typeof encode>): Run {
  return {
    id: row.id,
    target: row.target,
    template: row.template,
    name: row.name,
    state: row.state,
    duration: row.duration,
    rulesPackages: row.rules_packages,
    userAttributes: JSON.parse(row.user_attributes) as UserAttribute[],
    createdAt: row.created_at,
    startedAt: row.started_at,
    completedAt: row.completed_at,
    stateChangedAt: row.state_changed_at,
    dataCollected: row.data_collected === 1,
    findingCounts: JSON.parse(row.finding_counts) as Run['findingCounts'],
    stateChanges: JSON.parse(row.state_changes) as StateChange[],
    notifications: JSON.parse(row.notifications) as RunNotification[],
    imported: row.imported === 1,
    ...(row.origin === null ? {} : { origin: JSON.parse(row.origin) as RunOrigin }),
    ...(row.knowledge === null ? {} : { knowledge: JSON.parse(row.knowledge) as RunKnowledge }),
  };
}
