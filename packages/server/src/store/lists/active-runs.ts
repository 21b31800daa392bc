import { liveStates } from '../../domain/run-machine.ts';
import type { Db } from '../database/dialect.ts';

/** Runs of a scope that go on: their findings are not listed. */
export const activeRuns = (db: Db, scope: number) =>
  db
    .selectFrom('runs')
    .where('scope', '=', scope)
    .where('state', 'in', liveStates)
    .where('completed_at', 'is', null)
    .where('imported', '=', 0);

/** How many, as a part of another statement. */
export const countActiveRuns = (db: Db, scope: number) =>
  activeRuns(db, scope).select((eb) => eb.fn.countAll<number>().as('count'));
