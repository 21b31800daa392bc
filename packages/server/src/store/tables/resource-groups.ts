import type { Tag } from '../../domain/tag.ts';
import type { Handle } from '../database/dialect.ts';
import { preparedByIds } from '../lists/prepared-by-ids.ts';

export interface ResourceGroup {
  readonly id: string;
  readonly tags: readonly Tag[];
  readonly createdAt: number;
}

const findMany = preparedByIds((db, scope) => db.selectFrom('resource_groups').selectAll().where('scope', '=', scope));

export function createResourceGroups(handle: Handle) {
  const { write } = handle;
  return {
    insert: async (scope: number, { id, tags, createdAt }: ResourceGroup): Promise<void> => {
      await write
        .insertInto('resource_groups')
        .values({ scope, id, tags: JSON.stringify(tags), created_at: createdAt })
        .execute();
    },
    /** Adds history; a group whose id is there already is left as it is. Returns the ids that were new. */
    importMany: async (scope: number, groups: readonly ResourceGroup[]): Promise<ReadonlySet<string>> => {
      const added = await write
        .insertInto('resource_groups')
        .values(
          groups.map(({ id, tags, createdAt }) => ({ scope, id, tags: JSON.stringify(tags), created_at: createdAt })),
        )
        .onConflict((conflict) => conflict.doNothing())
        .returning('id')
        .execute();
      return new Set(added.map(({ id }) => id));
    },
    findMany: async (scope: number, ids: readonly string[]): Promise<ResourceGroup[]> => {
      const rows = await findMany(handle, scope, ids);
      return rows.map((row) => ({ id: row.id, tags: JSON.parse(row.tags) as Tag[], createdAt: row.created_at }));
    },
  };
}
