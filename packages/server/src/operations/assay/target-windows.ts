import { targetArn } from '@assay/model/arn.ts';
import { WeekDay, type TargetWindow as WindowShape } from '@assay/model/assay/structures.ts';
import type { Static } from '@assay/model/shape.ts';
import type { Tables } from '../../store/store.ts';
import type { TargetWindow } from '../../store/tables/target-windows.ts';
import { requireOne } from '../arns.ts';
import type { Caller } from '../operation.ts';
import { readPage } from '../page.ts';
import { invalidInput, noSuchEntity } from './errors.ts';
import type { AssayOperation } from './operation.ts';
import { assayPage } from './page.ts';
import { requireTimeZone } from './require-time-zone.ts';

const DAYS = WeekDay.values;

export const setTargetWindow: AssayOperation<'SetTargetWindow', 'store'> =
  ({ store }) =>
  async ({ assessmentTargetArn, days = DAYS, from, to, timeZone }, caller) => {
    if (from === to) throw invalidInput('INVALID_MEMBER', 'The window must close at another time than it opens');
    const zone = requireTimeZone(timeZone);
    const window = await store.transaction(async (tables) => {
      const made: TargetWindow = {
        target: await requireTarget(tables, caller, assessmentTargetArn),
        days: [...new Set(days.map((day) => DAYS.indexOf(day)))].sort(),
        ...{ from: minuteOf(from), to: minuteOf(to), timeZone: zone },
      };
      await tables.targetWindows.put(caller.scope, made);
      return made;
    });
    return { window: windowItem(caller, window) };
  };

export const deleteTargetWindow: AssayOperation<'DeleteTargetWindow', 'store'> =
  ({ store }) =>
  async ({ assessmentTargetArn }, caller) => {
    await store.transaction(async (tables) => {
      const target = await requireTarget(tables, caller, assessmentTargetArn);
      if (!(await tables.targetWindows.delete(caller.scope, target))) {
        throw noSuchEntity('TARGET_HAS_NO_WINDOW', `The target ${assessmentTargetArn} has no window`);
      }
    });
    return {};
  };

export const listTargetWindows: AssayOperation<'ListTargetWindows', 'store' | 'tokens'> =
  ({ store, tokens }) =>
  async (input, caller) => {
    const { rows, nextToken } = await readPage(
      assayPage(tokens, 'ListTargetWindows', caller, input),
      (after, limit) => store.targetWindows.list(caller.scope, after, limit),
      ({ target }) => ({ at: 0, id: target }),
    );
    return { windows: rows.map((window) => windowItem(caller, window)), nextToken };
  };

async function requireTarget({ targets }: Pick<Tables, 'targets'>, caller: Caller, text: string): Promise<string> {
  const [id = ''] = requireOne(caller, 'target', text).ids;
  const [target] = await targets.findMany(caller.scope, [id]);
  if (!target) throw noSuchEntity('ASSESSMENT_TARGET_DOES_NOT_EXIST', `There is no assessment target ${text}`);
  return target.id;
}

const windowItem = (
  caller: Caller,
  { target, days, from, to, timeZone }: TargetWindow,
): Static<typeof WindowShape> => ({
  assessmentTargetArn: targetArn(caller, target),
  days: days.flatMap((day) => DAYS[day] ?? []),
  ...{ from: timeOfDay(from), to: timeOfDay(to), timeZone },
});

const minuteOf = (time: string): number => Number(time.slice(0, 2)) * 60 + Number(time.slice(3));

const timeOfDay = (minute: number): string =>
  `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`;
