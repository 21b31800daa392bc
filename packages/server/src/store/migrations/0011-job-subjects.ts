import { type Kysely, sql } from 'kysely';

/** A job can be about anything that has an id, not only a run. */
export const jobSubjects = {
  up: async (db: Kysely<unknown>): Promise<void> => {
    await sql`alter table jobs rename column run to subject`.execute(db);
  },
};
