import { type RawBuilder, type SqlBool, sql } from 'kysely';
import type { Handle } from '../database/dialect.ts';
import type { Database } from '../database/schema.ts';
import { ofRuns, type RunSelection } from '../lists/run-selection.ts';

/** A report of a run, as it was asked for: one of each type and format. Times in milliseconds since the epoch. */
export interface Report {
  /** 32 hexadecimal digits. */
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
  /** Bytes that are kept of it; all of them once it is COMPLETED. */
  readonly size: number;
  /** The access key that asked for it first; `operator` for a command on the server, null where it is not known. */
  readonly askedBy: string | null;
}

/** A report that somebody began to make. */
interface Making {
  /** reports.id */
  readonly id: string;
  /** Which time it was begun. */
  readonly making: number;
}

/** Bytes of a report that are written, kept and read at once. */
export const REPORT_CHUNK = 256 * 1024;

const columns = [
  'id',
  'run',
  'type',
  'format',
  'status',
  'error',
  'created_at as createdAt',
  'finished_at as finishedAt',
  'size',
  'asked_by as askedBy',
] as const;

/**
 * Reports and their bytes. A report that is COMPLETED is whole and stays as it is; chunks are there of no others but those
 * that are being made, or were when their server died.
 */
export function createReports({ read, write }: Handle) {
  const deleteChunks = async (scope: number, reports: RawBuilder<SqlBool>): Promise<void> => {
    await write.deleteFrom('report_chunks').where('scope', '=', scope).where(reports).execute();
  };
  /** Adds bytes to a report that is being made and changes it; false where another began it since, or nobody makes it. */
  const change = async (
    scope: number,
    { id, making }: Making,
    added: Uint8Array,
    set: Partial<Pick<Database['reports'], 'status' | 'error' | 'finished_at'>>,
  ): Promise<boolean> => {
    if (added.length === 0 || added.length > REPORT_CHUNK)
      throw new Error(`A chunk of a report has ${added.length} bytes`);
    const changed = await write
      .updateTable('reports')
      .set((eb) => ({ ...set, size: eb('size', '+', added.length) }))
      .where('scope', '=', scope)
      .where('id', '=', id)
      .where('status', '=', 'WORK_IN_PROGRESS')
      .where('making', '=', making)
      .returning('size')
      .executeTakeFirst();
    if (!changed) return false;
    const position = changed.size - added.length;
    await write.insertInto('report_chunks').values({ scope, report: id, position, content: added }).execute();
    return true;
  };
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
    /** Asks for a report: a new one, or once more for one that failed. */
    ask: async (
      scope: number,
      {
        id,
        run,
        type,
        format,
        createdAt,
        askedBy = null,
      }: Pick<Report, 'id' | 'run' | 'type' | 'format' | 'createdAt'> & Partial<Pick<Report, 'askedBy'>>,
    ): Promise<void> => {
      const fresh = {
        status: 'WORK_IN_PROGRESS',
        error: null,
        created_at: createdAt,
        finished_at: null,
        asked_by: askedBy,
      } as const;
      await write
        .insertInto('reports')
        .values({ scope, id, run, type, format, ...fresh, size: 0, making: 0 })
        .onConflict((conflict) =>
          conflict
            .columns(['scope', 'run', 'type', 'format'])
            .doUpdateSet(fresh)
            .where('reports.status', '=', 'FAILED'),
        )
        .execute();
    },
    /**
     * Begins to make a report that is to be made, from its first byte: what there is of it goes, and whoever made it so far
     * can add nothing any more. Undefined when it is not to be made: made meanwhile, or deleted. In a transaction.
     */
    begin: async (scope: number, id: string): Promise<Making | undefined> => {
      // Chunks before their report, as wherever they are deleted: two that do so at once wait in line, not for each other.
      await deleteChunks(scope, reportsThat(scope, sql`id = ${id} and status = 'WORK_IN_PROGRESS'`));
      const begun = await write
        .updateTable('reports')
        .set((eb) => ({ size: 0, making: eb('making', '+', 1) }))
        .where('scope', '=', scope)
        .where('id', '=', id)
        .where('status', '=', 'WORK_IN_PROGRESS')
        .returning('making')
        .executeTakeFirst();
      return begun && { id, making: begun.making };
    },
    /**
     * Adds its next bytes, {@link REPORT_CHUNK} at most, to a report. False when they are wanted no more: another began it
     * anew, or it was deleted with its run. In a transaction.
     */
    append: (scope: number, making: Making, bytes: Uint8Array): Promise<boolean> => change(scope, making, bytes, {}),
    /** Adds its last bytes to a report, and makes it COMPLETED. False as `append` is. In a transaction. */
    complete: (scope: number, making: Making, last: Uint8Array, now: number): Promise<boolean> =>
      change(scope, making, last, { status: 'COMPLETED', error: null, finished_at: now }),
    /** The bytes of a report that is COMPLETED, a chunk at a time. Throws when it is deleted before the last. */
    read: async function* (scope: number, { id, size }: Pick<Report, 'id' | 'size'>): AsyncGenerator<Uint8Array> {
      for (let position = 0; position < size; ) {
        const chunk = await read
          .selectFrom('report_chunks')
          .select('content')
          .where('scope', '=', scope)
          .where('report', '=', id)
          .where('position', '=', position)
          .executeTakeFirst();
        if (!chunk) throw new Error(`Report ${id} was deleted while it was read, ${position} of ${size} bytes in`);
        yield chunk.content;
        position += chunk.content.length;
      }
    },
    noteError: async (scope: number, id: string, error: string): Promise<void> => {
      await write
        .updateTable('reports')
        .set({ error })
        .where('scope', '=', scope)
        .where('id', '=', id)
        .where('status', '=', 'WORK_IN_PROGRESS')
        .execute();
    },
    /** Gives up those of a run that are to be made, with what there is of them. In a transaction. */
    failPending: async (scope: number, run: string, now: number): Promise<void> => {
      const pending = sql<SqlBool>`run = ${run} and status = 'WORK_IN_PROGRESS'`;
      await deleteChunks(scope, reportsThat(scope, pending));
      await write
        .updateTable('reports')
        .set({ status: 'FAILED', finished_at: now, size: 0 })
        .where('scope', '=', scope)
        .where(pending)
        .execute();
    },
    /** Deletes the reports of runs with their bytes. In a transaction. */
    delete: async (scope: number, which: RunSelection): Promise<void> => {
      await deleteChunks(scope, reportsThat(scope, ofRuns('run', scope, which)));
      await write
        .deleteFrom('reports')
        .where('scope', '=', scope)
        .where(ofRuns('run', scope, which))
        .execute();
    },
  };
}

const reportsThat = (scope: number, are: RawBuilder<SqlBool>): RawBuilder<SqlBool> =>
  sql`report in (select id from reports where scope = ${scope} and ${are})`;
