import type { Exclusion } from '@assay/model/api/structures.ts';
import type { Static } from '@assay/model/shape.ts';
import type { ExclusionDocument, ExclusionKind } from '../../domain/exclusions.ts';
import type { Handle } from '../database/dialect.ts';
import type { Position } from '../lists/position.ts';
import { preparedByIds } from '../lists/prepared-by-ids.ts';
import { preparedPages } from '../lists/prepared-pages.ts';
import { ofRuns, type RunSelection } from '../lists/run-selection.ts';

export interface ExclusionRecord {
  readonly id: string;
  readonly target: string;
  readonly template: string;
  readonly run: string;
  /** What is excluded and why, unique in the run. */
  readonly subject: string;
  /** Ours, or the item that was imported less its ARN. */
  readonly document: ExclusionDocument | Omit<Static<typeof Exclusion>, 'arn'>;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
}

const findMany = preparedByIds((db, scope) => db.selectFrom('exclusions').selectAll().where('scope', '=', scope));

const pages = preparedPages((db, { scope, run }: { readonly scope: number; readonly run: string }) =>
  db
    .selectFrom('exclusions')
    .select(['id', 'created_at as createdAt'])
    .where('scope', '=', scope)
    .where('run', '=', run),
);

export function createExclusions(handle: Handle) {
  const { read, write } = handle;
  return {
    /** Adds exclusions; one that the run already has, by id or by subject, is left as it is. Returns the ids that were new. */
    insertMany: async (scope: number, exclusions: readonly ExclusionRecord[]): Promise<ReadonlySet<string>> => {
      const added = new Set<string>();
      for (let from = 0; from < exclusions.length; from += 1000) {
        const rows = await write
          .insertInto('exclusions')
          .values(exclusions.slice(from, from + 1000).map((exclusion) => encode(scope, exclusion)))
          .onConflict((conflict) => conflict.doNothing())
          .returning('id')
          .execute();
        for (const { id } of rows) added.add(id);
      }
      return added;
    },
    findMany: async (scope: number, ids: readonly string[]): Promise<ExclusionRecord[]> =>
      (await findMany(handle, scope, ids)).map(decode),
    /** Which of the runs have exclusions: a run of imported history may be known by them alone. */
    runsAmong: async (
      scope: number,
      runs: readonly string[],
    ): Promise<{ id: string; target: string; template: string }[]> =>
      read
        .selectFrom('exclusions')
        .select(['run as id', 'target', 'template'])
        .distinct()
        .where('scope', '=', scope)
        .where('run', 'in', runs)
        .execute(),
    /** A run's exclusions, newest first. */
    list: (
      scope: number,
      run: string,
      after: Position | undefined,
      limit: number,
    ): Promise<{ id: string; createdAt: number }[]> => pages(handle, { scope, run }, after, limit),
    countOfRun: async (scope: number, run: string): Promise<number> => {
      const { count } = await read
        .selectFrom('exclusions')
        .select(({ fn }) => fn.countAll<number | string>().as('count'))
        .where('scope', '=', scope)
        .where('run', '=', run)
        .executeTakeFirstOrThrow();
      return Number(count);
    },
    /** All of a run, by what they are about. */
    ofRun: async (scope: number, run: string): Promise<ExclusionRecord[]> => {
      const rows = await read
        .selectFrom('exclusions')
        .selectAll()
        .where('scope', '=', scope)
        .where('run', '=', run)
        .orderBy('subject')
        .execute();
      return rows.map(decode);
    },
    /** How many of a run are of these kinds. */
    countOfKinds: async (scope: number, run: string, kinds: readonly ExclusionKind[]): Promise<number> => {
      const row = await read
        .selectFrom('exclusions')
        .select((eb) => eb.fn.countAll<number>().as('count'))
        .where('scope', '=', scope)
        .where('run', '=', run)
        .where((eb) =>
          eb.or(
            // All that begin with the kind and a slash: 0 is the character after it.
            kinds.map((kind) =>
              eb.or([
                eb('subject', '=', kind),
                eb.and([eb('subject', '>=', `${kind}/`), eb('subject', '<', `${kind}0`)]),
              ]),
            ),
          ),
        )
        .executeTakeFirstOrThrow();
      return Number(row.count);
    },
    delete: async (scope: number, which: RunSelection): Promise<void> => {
      await write
        .deleteFrom('exclusions')
        .where('scope', '=', scope)
        .where(ofRuns('run', scope, which))
        .execute();
    },
  };
}

const encode = (scope: number, exclusion: ExclusionRecord) => ({
  scope,
  id: exclusion.id,
  target: exclusion.target,
  template: exclusion.template,
  run: exclusion.run,
  subject: exclusion.subject,
  document: JSON.stringify(exclusion.document),
  created_at: exclusion.createdAt,
});

const decode = (row: ReturnType<typeof encode>): ExclusionRecord => ({
  id: row.id,
  target: row.target,
  template: row.template,
  run: row.run,
  subject: row.subject,
  document: JSON.parse(row.document) as ExclusionRecord['document'],
  createdAt: row.created_at,
});
