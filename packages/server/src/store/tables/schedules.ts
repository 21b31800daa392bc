import type { Handle } from '../database/dialect.ts';
import type { Database } from '../database/schema.ts';
import type { Position } from '../lists/position.ts';
import { ofTemplates, type TemplateSelection } from '../lists/template-selection.ts';

/** Starts runs of a template by itself. Times in milliseconds since the epoch. */
export interface Schedule {
  readonly scope: number;
  readonly id: string;
  readonly template: string;
  /** Every so many days from its creation; or a cron expression with a time zone. */
  readonly when: { readonly everyDays: number } | { readonly cron: string; readonly timeZone: string };
  /** How long after its time a run may still begin, in milliseconds. */
  readonly window: number;
  readonly createdAt: number;
  /** The time of the next run, and when it is tried: later than its time once it could not start. */
  readonly dueAt: number;
  readonly tryAt: number;
  readonly pausedAt: number | null;
  /** What became of the last: when it started and its id, and a note where there is something to say. */
  readonly lastAt: number | null;
  readonly lastRun: string | null;
  readonly lastNote: string | null;
}

export function createSchedules({ read, write }: Handle) {
  return {
    insert: async (schedule: Schedule): Promise<void> => {
      await write.insertInto('schedules').values(encode(schedule)).execute();
    },
    find: async (scope: number, id: string): Promise<Schedule | undefined> => {
      const row = await read
        .selectFrom('schedules')
        .selectAll()
        .where('scope', '=', scope)
        .where('id', '=', id)
        .executeTakeFirst();
      return row && decode(row);
    },
    /** The newest first. */
    list: async (scope: number, after: Position | undefined, limit: number): Promise<Schedule[]> => {
      let query = read.selectFrom('schedules').selectAll().where('scope', '=', scope);
      if (after) query = query.where((eb) => eb(eb.refTuple('created_at', 'id'), '<', eb.tuple(after.at, after.id)));
      const rows = await query.orderBy('created_at', 'desc').orderBy('id', 'desc').limit(limit).execute();
      return rows.map(decode);
    },
    /** Of all scopes, those that are to be tried. */
    due: async (now: number, limit: number): Promise<Schedule[]> => {
      const rows = await read
        .selectFrom('schedules')
        .selectAll()
        .where('paused_at', 'is', null)
        .where('try_at', '<=', now)
        .orderBy('try_at')
        .limit(limit)
        .execute();
      return rows.map(decode);
    },
    /** Of all scopes, those that are not to be tried before a time. */
    ahead: async (until: number, limit: number): Promise<Schedule[]> => {
      const rows = await read
        .selectFrom('schedules')
        .selectAll()
        .where('paused_at', 'is', null)
        .where('try_at', '>', until)
        .orderBy('try_at', 'desc')
        .limit(limit)
        .execute();
      return rows.map(decode);
    },
    /** Replaces a schedule, if its times are still those of `before`: false when another server was first. */
    replace: async (before: Schedule, after: Schedule): Promise<boolean> => {
      const { scope, id, ...columns } = encode(after);
      let query = write
        .updateTable('schedules')
        .set(columns)
        .where('scope', '=', scope)
        .where('id', '=', id)
        .where('due_at', '=', before.dueAt)
        .where('try_at', '=', before.tryAt);
      query =
        before.pausedAt === null
          ? query.where('paused_at', 'is', null)
          : query.where('paused_at', '=', before.pausedAt);
      return (await query.executeTakeFirst()).numUpdatedRows > 0n;
    },
    delete: async (scope: number, id: string): Promise<boolean> => {
      const { numDeletedRows } = await write
        .deleteFrom('schedules')
        .where('scope', '=', scope)
        .where('id', '=', id)
        .executeTakeFirst();
      return numDeletedRows > 0n;
    },
    deleteOfTemplates: async (scope: number, which: TemplateSelection): Promise<void> => {
      await write.deleteFrom('schedules').where('scope', '=', scope).where(ofTemplates(scope, which)).execute();
    },
  };
}

const encode = ({ scope, id, template, when, ...schedule }: Schedule): Database['schedules'] => ({
  scope,
  id,
  template,
  every_days: 'everyDays' in when ? when.everyDays : null,
  cron: 'cron' in when ? when.cron : null,
  time_zone: 'cron' in when ? when.timeZone : null,
  window_ms: schedule.window,
  created_at: schedule.createdAt,
  due_at: schedule.dueAt,
  try_at: schedule.tryAt,
  paused_at: schedule.pausedAt,
  last_at: schedule.lastAt,
  last_run: schedule.lastRun,
  last_note: schedule.lastNote,
});

const decode = (row: Database['schedules']): Schedule => ({
  scope: row.scope,
  id: row.id,
  template: row.template,
  when: row.cron === null ? { everyDays: row.every_days ?? 1 } : { cron: row.cron, timeZone: row.time_zone ?? 'UTC' },
  window: row.window_ms,
  createdAt: row.created_at,
  dueAt: row.due_at,
  tryAt: row.try_at,
  pausedAt: row.paused_at,
  lastAt: row.last_at,
  lastRun: row.last_run,
  lastNote: row.last_note,
});
