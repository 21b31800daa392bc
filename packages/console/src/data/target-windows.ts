import type { AssayOutput } from '@assay/model/assay/operations.ts';
import type { CallAssay } from '../api.ts';
import { after, readAll } from './pages.ts';

export type TargetWindow = AssayOutput<'ListTargetWindows'>['windows'][number];

export const weekDays = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'] as const satisfies TargetWindow['days'];

const MANY = 500;

/** When scheduled runs may begin, by target; undefined where the key may not know. */
export async function readWindows(assay: CallAssay): Promise<ReadonlyMap<string, TargetWindow> | undefined> {
  try {
    const { items } = await readAll(async (token) => {
      const { windows, nextToken } = await assay('ListTargetWindows', { maxResults: 500, ...after(token) });
      return { items: windows, nextToken };
    }, MANY);
    return new Map(items.map((window) => [window.assessmentTargetArn, window]));
  } catch {
    return undefined;
  }
}

/** `MON, TUE 22:00 to 05:00 (Europe/Berlin)`. */
export const windowWords = ({ days, from, to, timeZone }: TargetWindow): string =>
  `${days.length === 7 ? 'Every day' : days.map(dayWords).join(', ')} ${from} to ${to} (${timeZone})`;

export const dayWords = (day: string): string => `${day.slice(0, 1)}${day.slice(1, 3).toLowerCase()}`;
