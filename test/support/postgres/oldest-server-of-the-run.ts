import type { TestProject } from 'vitest/node';
import { oldestPostgres } from './oldest-postgres.ts';
import { share } from './server-of-the-run.ts';

/** As server-of-the-run.ts, with the oldest PostgreSQL of this system. */
export const setup = ({ provide }: Pick<TestProject, 'provide'>): Promise<() => Promise<void>> =>
  share(provide, oldestPostgres());
