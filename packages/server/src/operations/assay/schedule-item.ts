import { runArn, templateArn } from '@assay/model/arn.ts';
import { assayArn } from '@assay/model/assay/arn.ts';
import type { Schedule as ScheduleShape } from '@assay/model/assay/structures.ts';
import type { Static } from '@assay/model/shape.ts';
import cronstrue from 'cronstrue';
import type { Store } from '../../store/store.ts';
import type { Schedule } from '../../store/tables/schedules.ts';
import type { Caller } from '../operation.ts';

/** Schedules as the API describes them. */
export async function scheduleItems(
  { templates }: Pick<Store, 'templates'>,
  caller: Caller,
  rows: readonly Schedule[],
): Promise<Static<typeof ScheduleShape>[]> {
  const found =
    rows.length === 0 ? [] : await templates.findMany(caller.scope, [...new Set(rows.map((row) => row.template))]);
  const targets = new Map(found.map(({ id, target }) => [id, target]));
  return rows.map((row) => {
    const target = targets.get(row.template) ?? '';
    return {
      scheduleArn: assayArn(caller, 'schedule', row.id),
      scheduleId: row.id,
      assessmentTemplateArn: templateArn(caller, target, row.template),
      ...row.when,
      description: wordsOf(row.when),
      windowInSeconds: row.window / 1000,
      paused: row.pausedAt !== null,
      createdAt: row.createdAt / 1000,
      ...(row.pausedAt === null ? { nextAt: row.dueAt / 1000 } : {}),
      ...(row.lastAt === null ? {} : { lastAt: row.lastAt / 1000 }),
      ...(row.lastRun === null ? {} : { lastAssessmentRunArn: runArn(caller, target, row.template, row.lastRun) }),
      ...(row.lastNote === null ? {} : { lastNote: row.lastNote }),
    };
  });
}

/** When runs start, in words: `Every 7 days`; `At 03:00, only on Monday, Europe/Berlin`. */
function wordsOf(when: Schedule['when']): string {
  if ('everyDays' in when) return when.everyDays === 1 ? 'Every day' : `Every ${when.everyDays} days`;
  return `${cronstrue.toString(when.cron, { use24HourTimeFormat: true })}, ${when.timeZone}`;
}
