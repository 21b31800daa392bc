import { sql } from 'kysely';
import type { Target } from '../../domain/target.ts';
import type { Db, Handle } from '../database/dialect.ts';
import type { Position } from '../lists/position.ts';
import { preparedByIds } from '../lists/prepared-by-ids.ts';
import { preparedPages } from '../lists/prepared-pages.ts';

const columns = [
  'id',
  'name',
  'resource_group as resourceGroup',
  'created_at as createdAt',
  'updated_at as updatedAt',
] as const;

const findMany = preparedByIds((db, scope) => db.selectFrom('targets').select(columns).where('scope', '=', scope));

const listed = (db: Db, scope: number) =>
  db.selectFrom('targets').select(['id', 'created_at as createdAt']).where('scope', '=', scope);

const pages = preparedPages((db, { scope }: { readonly scope: number }) => listed(db, scope));

export function createTargets(handle: Handle) {
  const { read, write, dialect } = handle;
  return {
    insert: async (scope: number, target: Target): Promise<void> => {
      await write.insertInto('targets').values(encode(scope, target)).execute();
    },
    /** Adds history; what has its id or its name already is left as it is. Returns the ids that were new. */
    importMany: async (scope: number, targets: readonly Target[]): Promise<ReadonlySet<string>> => {
      const added = await write
        .insertInto('targets')
        .values(targets.map((target) => encode(scope, target)))
        .onConflict((conflict) => conflict.doNothing())
        .returning('id')
        .execute();
      return new Set(added.map(({ id }) => id));
    },
    findMany: (scope: number, ids: readonly string[]): Promise<Target[]> => findMany(handle, scope, ids),
    findByName: async (scope: number, name: string): Promise<Target | undefined> =>
      read.selectFrom('targets').select(columns).where('scope', '=', scope).where('name', '=', name).executeTakeFirst(),
    /** Ids and creation times, newest first. */
    list: async (
      scope: number,
      filter: { readonly namePattern?: string | undefined },
      after: Position | undefined,
      limit: number,
    ): Promise<{ id: string; createdAt: number }[]> => {
      const { namePattern } = filter;
      if (namePattern === undefined) return pages(handle, { scope }, after, limit);
      let query = listed(read, scope).where(dialect.matches(sql.ref('name'), namePattern));
      if (after) query = query.where((eb) => eb(eb.refTuple('created_at', 'id'), '<', eb.tuple(after.at, after.id)));
      return query.orderBy('created_at', 'desc').orderBy('id', 'desc').limit(limit).execute();
    },
    count: async (scope: number): Promise<number> => {
      const row = await read
        .selectFrom('targets')
        .select((eb) => eb.fn.countAll<number>().as('count'))
        .where('scope', '=', scope)
        .executeTakeFirstOrThrow();
      return Number(row.count);
    },
    /** False when there is no such target. */
    update: async (
      scope: number,
      id: string,
      change: { readonly name: string; readonly resourceGroup: string | null; readonly updatedAt: number },
    ): Promise<boolean> => {
      const { numUpdatedRows } = await write
        .updateTable('targets')
        .set({ name: change.name, resource_group: change.resourceGroup, updated_at: change.updatedAt })
        .where('scope', '=', scope)
        .where('id', '=', id)
        .executeTakeFirst();
      return numUpdatedRows > 0n;
    },
    delete: async (scope: number, id: string): Promise<boolean> => {
      const { numDeletedRows } = await write
        .deleteFrom('targets')
        .where('scope', '=', scope)
        .where('id', '=', id)
        .executeTakeFirst();
      return numDeletedRows > 0n;
    },
  };
}

const encode = (scope: number, target: Target) => ({
  scope,
  id: target.id,
  name: target.name,
  resource_group: target.resourceGroup,
  created_at: target.createdAt,
  updated_at: target.updatedAt,
});
