import { readPage } from '../page.ts';
import type { AssayOperation } from './operation.ts';
import { assayPage } from './page.ts';
import { scheduleItems } from './schedule-item.ts';

export const listSchedules: AssayOperation<'ListSchedules', 'store' | 'tokens'> =
  ({ store, tokens }) =>
  async (input, caller) => {
    const { rows, nextToken } = await readPage(
      assayPage(tokens, 'ListSchedules', caller, input),
      (after, limit) => store.schedules.list(caller.scope, after, limit),
      ({ createdAt, id }) => ({ at: createdAt, id }),
    );
    return { schedules: await scheduleItems(store, caller, rows), nextToken };
  };
