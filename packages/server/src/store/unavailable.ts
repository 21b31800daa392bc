import { isDatabaseAway } from './database/postgres-errors.ts';
import { isBusy } from './database/sqlite.ts';

/** The store could not be had just now: another process held it, or its database is away. Trying again can succeed. */
export const isUnavailable = (error: unknown): boolean => isBusy(error) || isDatabaseAway(error);
