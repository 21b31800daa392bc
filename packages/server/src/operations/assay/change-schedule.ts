import { nextTime } from '../../engine/schedule/next-time.ts';
import type { Tables } from '../../store/store.ts';
import type { Schedule } from '../../store/tables/schedules.ts';
import type { Caller } from '../operation.ts';
import { conflict } from './errors.ts';
import type { AssayOperation } from './operation.ts';
import { doesNotExist, requireId } from './resources.ts';
import { scheduleItems } from './schedule-item.ts';

export const deleteSchedule: AssayOperation<'DeleteSchedule', 'store'> =
  ({ store }) =>
  async ({ scheduleArn }, caller) => {
    const id = requireId(caller, 'schedule', scheduleArn);
    const deleted = await store.transaction(({ schedules }) => schedules.delete(caller.scope, id));
    if (!deleted) throw doesNotExist('schedule', scheduleArn);
    return {};
  };

export const pauseSchedule: AssayOperation<'PauseSchedule', 'store' | 'now'> =
  ({ store, now }) =>
  async ({ scheduleArn }, caller) => {
    const schedule = await store.transaction((tables) =>
      change(tables, caller, scheduleArn, (before) => (before.pausedAt === null ? { pausedAt: now() } : {})),
    );
    return described(await scheduleItems(store, caller, [schedule]));
  };

/** Times that passed meanwhile are not made up. */
export const resumeSchedule: AssayOperation<'ResumeSchedule', 'store' | 'now'> =
  ({ store, now }) =>
  async ({ scheduleArn }, caller) => {
    const schedule = await store.transaction((tables) =>
      change(tables, caller, scheduleArn, (before) => {
        if (before.pausedAt === null) return {};
        const next = nextTime(before, now());
        if (next === undefined) throw conflict(`The schedule ${before.id} has no time at which a run would start`);
        return { pausedAt: null, dueAt: next, tryAt: next };
      }),
    );
    return described(await scheduleItems(store, caller, [schedule]));
  };

async function change(
  { schedules }: Pick<Tables, 'schedules'>,
  caller: Caller,
  arn: string,
  to: (before: Schedule) => Partial<Schedule>,
): Promise<Schedule> {
  const before = await schedules.find(caller.scope, requireId(caller, 'schedule', arn));
  if (!before) throw doesNotExist('schedule', arn);
  const after = { ...before, ...to(before) };
  if (!(await schedules.replace(before, after)))
    throw conflict(`The schedule ${before.id} was changed meanwhile; try again`);
  return after;
}

function described<Item>([schedule]: readonly Item[]): { schedule: Item } {
  if (!schedule) throw new Error('The schedule could not be described');
  return { schedule };
}
