import type { Handle } from './dialect.ts';
import { ofRuns, type RunSelection } from './run-selection.ts';
import type { Database } from './schema.ts';

/** A report of a run, as it was asked for: one of each type and format. Times in milliseconds since the epoch. */
export interface Report {
  /** 32 hexadecimal digits, and the name of its file. */
  readonly id: string;
  readonly run: string;
  readonly type: Database['reports']['type'];
  readonly format: Database['reports']['format'];
  readonly status: Database['reports']['status'];
  /** What went wrong last. */
  readonly error: string | null;
  /** When it was asked for. */
  readonly createdAt: number;
  /** When it was completed or given up. */
  readonly finishedAt: number | null;
}

const columns = [
  'id',
  'run',
  'type',
  'format',
  'status',
  'error',
  'created_at as createdAt',
  'finished_at as finishedAt',
] as const;

export function createReports({ read, write }: Handle) {
  return {
    find: async (
      scope: number,
      { run, type, format }: Pick<Report, 'run' | 'type' | 'format'>,
    ): Promise<Report | undefined> =>
      read
        .selectFrom('reports')
        .select(columns)
        .where('scope', '=', scope)
        .where('run', '=', run)
        .where('type', '=', type)
        .where('format', '=', format)
        .executeTakeFirst(),
    findById: async (scope: number, id: string): Promise<Report | undefined> =>
      read.selectFrom('reports').select(columns).where('scope', '=', scope).where('id', '=', id).executeTakeFirst(),
    /** Those of a run that are to be made. */
    pending: async (scope: number, run: string): Promise<Report[]> =>
      read
        .selectFrom('reports')
        .select(columns)
        .where('scope', '=', scope)
        .where('run', '=', run)
        .where('status', '=', 'WORK_IN_PROGRESS')
        .orderBy('created_at')
        .orderBy('id')
        .execute(),
    /** Asks for a report: a new one, or once more for one that is not being made. */
    ask: async (
      scope: number,
      { id, run, type, format, createdAt }: Pick<Report, 'id' | 'run' | 'type' | 'format' | 'createdAt'>,
    ): Promise<void> => {
      const fresh = { status: 'WORK_IN_PROGRESS', error: null, created_at: createdAt, finished_at: null } as const;
      await write
        .insertInto('reports')
        .values({ scope, id, run, type, format, ...fresh })
        .onConflict((conflict) =>
          conflict
            .columns(['scope', 'run', 'type', 'format'])
            .doUpdateSet(fresh)
            .where('reports.status', '!=', 'WORK_IN_PROGRESS'),
        )
        .execute();
    },
    /** False when it is not to be made any more: deleted with its run. */
    complete: async (scope: number, id: string, now: number): Promise<boolean> => {
      const { numUpdatedRows } = await write
        .updateTable('reports')
        .set({ status: 'COMPLETED', error: null, finished_at: now })
        .where('scope', '=', scope)
        .where('id', '=', id)
        .where('status', '=', 'WORK_IN_PROGRESS')
        .executeTakeFirst();
      return numUpdatedRows > 0n;
    },
    noteError: async (scope: number, id: string, error: string): Promise<void> => {
      await write.updateTable('reports').set({ error }).where('scope', '=', scope).where('id', '=', id).execute();
    },
    /** Gives up those of a run that are to be made. */
    failPending: async (scope: number, run: string, now: number): Promise<void> => {
      await write
        .updateTable('reports')
        .set({ status: 'FAILED', finished_at: now })
        .where('scope', '=', scope)
        .where('run', '=', run)
        .where('status', '=', 'WORK_IN_PROGRESS')
        .execute();
    },
    /** The ids of all reports of all accounts: files of others can go. */
    allIds: async (): Promise<ReadonlySet<string>> =>
      new Set((await read.selectFrom('reports').select('id').execute()).map(({ id }) => id)),
    /** Returns what was deleted, whose files are to be removed once this is committed. */
    delete: async (scope: number, which: RunSelection): Promise<Pick<Report, 'id' | 'format'>[]> =>
      write
        .deleteFrom('reports')
        .where('scope', '=', scope)
        .where(ofRuns('run', scope, which))
        .returning(['id', 'format'])
        .execute(),
  };
}
