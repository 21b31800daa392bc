import type { Handle } from '../database/dialect.ts';
import type { Database } from '../database/schema.ts';
import type { Position } from '../lists/position.ts';

/** When scheduled runs of a target may begin. */
export interface TargetWindow {
  readonly target: string;
  /** Days on which it opens: 0 is Sunday. */
  readonly days: readonly number[];
  /** Minutes after midnight. It closes on the next day where `to` is not later than `from`. */
  readonly from: number;
  readonly to: number;
  readonly timeZone: string;
}

export function createTargetWindows({ read, write }: Handle) {
  return {
    find: async (scope: number, target: string): Promise<TargetWindow | undefined> => {
      const row = await read
        .selectFrom('target_windows')
        .selectAll()
        .where('scope', '=', scope)
        .where('target', '=', target)
        .executeTakeFirst();
      return row && decode(row);
    },
    /** In the order of their targets' ids; a place in the list is such an id. */
    list: async (scope: number, after: Position | undefined, limit: number): Promise<TargetWindow[]> => {
      let query = read.selectFrom('target_windows').selectAll().where('scope', '=', scope);
      if (after) query = query.where('target', '>', after.id);
      return (await query.orderBy('target').limit(limit).execute()).map(decode);
    },
    put: async (scope: number, { target, days, from, to, timeZone }: TargetWindow): Promise<void> => {
      const row = { days: days.join(','), from_minute: from, to_minute: to, time_zone: timeZone };
      await write
        .insertInto('target_windows')
        .values({ scope, target, ...row })
        .onConflict((conflict) => conflict.columns(['scope', 'target']).doUpdateSet(row))
        .execute();
    },
    delete: async (scope: number, target: string): Promise<boolean> => {
      const { numDeletedRows } = await write
        .deleteFrom('target_windows')
        .where('scope', '=', scope)
        .where('target', '=', target)
        .executeTakeFirst();
      return numDeletedRows > 0n;
    },
  };
}

const decode = (row: Database['target_windows']): TargetWindow => ({
  target: row.target,
  days: row.days.split(',').map(Number),
  from: row.from_minute,
  to: row.to_minute,
  timeZone: row.time_zone,
});
