import type { AssayInput } from '@assay/model/assay/operations.ts';
import { HOUR } from '../../domain/durations.ts';
import { cronOf, nextTime } from '../../engine/schedule/next-time.ts';
import type { Schedule } from '../../store/tables/schedules.ts';
import { requireOne } from '../arns.ts';
import { requireTemplate } from '../inspector/require-template.ts';
import { invalidInput } from './errors.ts';
import type { AssayOperation } from './operation.ts';
import { requireTimeZone } from './require-time-zone.ts';
import { scheduleItems } from './schedule-item.ts';

export const createSchedule: AssayOperation<'CreateSchedule', 'store' | 'now' | 'random'> =
  ({ store, now, random }) =>
  async (input, caller) => {
    const { assessmentTemplateArn, windowInSeconds } = input;
    const arn = requireOne(caller, 'template', assessmentTemplateArn);
    const when = requireWhen(input);
    const createdAt = now();
    const dueAt = nextTime({ when, createdAt }, createdAt);
    if (dueAt === undefined) throw invalid('There is no time at which such a run would start');
    const id = Buffer.from(random(8)).toString('hex');
    const schedule = await store.transaction(async (tables) => {
      const { id: template } = await requireTemplate(tables, caller, arn, assessmentTemplateArn);
      const made: Schedule = {
        ...{ scope: caller.scope, id, template, when, createdAt, dueAt, tryAt: dueAt },
        window: windowInSeconds === undefined ? HOUR : windowInSeconds * 1000,
        ...{ pausedAt: null, lastAt: null, lastRun: null, lastNote: null },
      };
      await tables.schedules.insert(made);
      return made;
    });
    const [item] = await scheduleItems(store, caller, [schedule]);
    if (!item) throw new Error('The schedule could not be described');
    return { schedule: item };
  };

const invalid = (message: string) => invalidInput('INVALID_MEMBER', message);

/** Either every so many days, or a cron expression with its time zone. Throws INVALID_MEMBER. */
function requireWhen({ everyDays, cron, timeZone }: AssayInput<'CreateSchedule'>): Schedule['when'] {
  if ((everyDays === undefined) === (cron === undefined)) throw invalid('Give either everyDays or cron');
  if (everyDays !== undefined) {
    if (timeZone !== undefined) throw invalid('A time zone belongs to a cron expression');
    return { everyDays };
  }
  const zone = requireTimeZone(timeZone);
  const expression = cron?.trim() ?? '';
  try {
    cronOf(expression, zone);
  } catch (error) {
    throw invalid(`"${expression}" is not a cron expression of five fields: ${(error as Error).message}`);
  }
  return { cron: expression, timeZone: zone };
}
