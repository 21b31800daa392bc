import { sql } from 'kysely';
import type { Tag } from '../../domain/tag.ts';
import type { Template, UserAttribute } from '../../domain/template.ts';
import type { Db, Handle } from '../database/dialect.ts';
import type { Position } from '../lists/position.ts';
import { preparedByIds } from '../lists/prepared-by-ids.ts';
import { preparedPages } from '../lists/prepared-pages.ts';

export interface TemplateFilter {
  readonly targets?: readonly string[] | undefined;
  readonly namePattern?: string | undefined;
  readonly minDuration?: number | undefined;
  readonly maxDuration?: number | undefined;
  /** rules_package_sets.id, any of them. */
  readonly rulesPackages?: readonly number[] | undefined;
}

const columns = [
  'id',
  'target',
  'name',
  'duration',
  'rules_packages as rulesPackages',
  'user_attributes as userAttributes',
  'run_count as runCount',
  'last_run as lastRun',
  'tags',
  'created_at as createdAt',
] as const;

const encode = (scope: number, template: Template) => ({
  scope,
  id: template.id,
  target: template.target,
  name: template.name,
  duration: template.duration,
  rules_packages: template.rulesPackages,
  user_attributes: JSON.stringify(template.userAttributes),
  run_count: template.runCount,
  last_run: template.lastRun,
  tags: JSON.stringify(template.tags),
  created_at: template.createdAt,
});

const decode = <R extends { readonly userAttributes: string; readonly tags: string }>(row: R) => ({
  ...row,
  tags: JSON.parse(row.tags) as Tag[],
  userAttributes: JSON.parse(row.userAttributes) as UserAttribute[],
});

const findMany = preparedByIds((db, scope) => db.selectFrom('templates').select(columns).where('scope', '=', scope));

const listed = (db: Db, scope: number) =>
  db.selectFrom('templates').select(['id', 'target', 'created_at as createdAt']).where('scope', '=', scope);

const pages = preparedPages((db, { scope }: { readonly scope: number }) => listed(db, scope));

export function createTemplates(handle: Handle) {
  const { read, write, dialect } = handle;
  return {
    insert: async (scope: number, template: Template): Promise<void> => {
      await write.insertInto('templates').values(encode(scope, template)).execute();
    },
    /** Adds history; what has its id, or its name in its target, already is left as it is. Returns the ids that were new. */
    importMany: async (scope: number, templates: readonly Template[]): Promise<ReadonlySet<string>> => {
      const added = await write
        .insertInto('templates')
        .values(templates.map((template) => encode(scope, template)))
        .onConflict((conflict) => conflict.doNothing())
        .returning('id')
        .execute();
      return new Set(added.map(({ id }) => id));
    },
    findMany: async (scope: number, ids: readonly string[]): Promise<Template[]> =>
      (await findMany(handle, scope, ids)).map(decode),
    nameTaken: async (scope: number, target: string, name: string): Promise<boolean> => {
      const row = await read
        .selectFrom('templates')
        .select('id')
        .where('scope', '=', scope)
        .where('target', '=', target)
        .where('name', '=', name)
        .executeTakeFirst();
      return row !== undefined;
    },
    /** Newest first. */
    list: async (
      scope: number,
      filter: TemplateFilter,
      after: Position | undefined,
      limit: number,
    ): Promise<{ id: string; target: string; createdAt: number }[]> => {
      const { targets, namePattern, minDuration, maxDuration, rulesPackages } = filter;
      if (Object.values(filter).every((part) => part === undefined)) return pages(handle, { scope }, after, limit);
      let query = listed(read, scope);
      if (targets) query = query.where('target', 'in', targets);
      if (namePattern !== undefined) query = query.where(dialect.matches(sql.ref('name'), namePattern));
      if (minDuration !== undefined) query = query.where('duration', '>=', minDuration);
      if (maxDuration !== undefined) query = query.where('duration', '<=', maxDuration);
      if (rulesPackages) query = query.where('rules_packages', 'in', rulesPackages);
      if (after) query = query.where((eb) => eb(eb.refTuple('created_at', 'id'), '<', eb.tuple(after.at, after.id)));
      return query.orderBy('created_at', 'desc').orderBy('id', 'desc').limit(limit).execute();
    },
    count: async (scope: number): Promise<number> => {
      const row = await read
        .selectFrom('templates')
        .select((eb) => eb.fn.countAll<number>().as('count'))
        .where('scope', '=', scope)
        .executeTakeFirstOrThrow();
      return Number(row.count);
    },
    /** One more run, which is now the newest. */
    countRun: async (scope: number, id: string, runArn: string): Promise<void> => {
      await write
        .updateTable('templates')
        .set((eb) => ({ run_count: eb('run_count', '+', 1), last_run: runArn }))
        .where('scope', '=', scope)
        .where('id', '=', id)
        .execute();
    },
    /** One run less; `lastRun` is the ARN of the newest that is left. */
    uncountRun: async (scope: number, id: string, lastRun: string | null): Promise<void> => {
      await write
        .updateTable('templates')
        .set((eb) => ({
          run_count: eb
            .case()
            .when('run_count', '>', 0)
            .then(eb('run_count', '-', 1))
            .else(0)
            .end(),
          last_run: lastRun,
        }))
        .where('scope', '=', scope)
        .where('id', '=', id)
        .execute();
    },
    /** Templates of every account and region that carry a tag. */
    tagged: async ({
      key,
      value,
    }: {
      readonly key: string;
      readonly value: string;
    }): Promise<{ scope: number; id: string }[]> => {
      // Few have tags: the text says which may have this one.
      const rows = await read
        .selectFrom('templates')
        .select(['scope', 'id', 'tags'])
        .where('tags', 'like', `%${key}%`)
        .orderBy('scope')
        .orderBy('id')
        .execute();
      const has = (tags: readonly Tag[]): boolean => tags.some((tag) => tag.key === key && tag.value === value);
      return rows.filter(({ tags }) => has(JSON.parse(tags) as Tag[])).map(({ scope, id }) => ({ scope, id }));
    },
    /** False when there is no such template. */
    setTags: async (scope: number, id: string, tags: readonly Tag[]): Promise<boolean> => {
      const { numUpdatedRows } = await write
        .updateTable('templates')
        .set({ tags: JSON.stringify(tags) })
        .where('scope', '=', scope)
        .where('id', '=', id)
        .executeTakeFirst();
      return numUpdatedRows > 0n;
    },
    delete: async (scope: number, id: string): Promise<boolean> => {
      const { numDeletedRows } = await write
        .deleteFrom('templates')
        .where('scope', '=', scope)
        .where('id', '=', id)
        .executeTakeFirst();
      return numDeletedRows > 0n;
    },
    deleteOfTarget: async (scope: number, target: string): Promise<void> => {
      await write.deleteFrom('templates').where('scope', '=', scope).where('target', '=', target).execute();
    },
  };
}
