import { type SelectQueryBuilder, sql } from 'kysely';
import type { Db, Handle } from '../database/dialect.ts';
import { preparedQuery } from '../database/prepared-query.ts';
import type { Database } from '../database/schema.ts';

/** Rows of a scope by any number of ids; see {@link preparedQuery}, also for what `select` may do. */
export function preparedByIds<Tables extends keyof Database, Row>(
  select: (db: Db, scope: number) => SelectQueryBuilder<Database, Tables, Row>,
  column = 'id',
): (handle: Pick<Handle, 'read' | 'dialect'>, scope: number, ids: readonly string[]) => Promise<Row[]> {
  const rows = preparedQuery((db, { scope, ids }: { readonly scope: number; readonly ids: string }, { among }) =>
    select(db, scope).where(among(sql.ref(column), ids, 'texts')),
  );
  return (handle, scope, ids) => rows(handle, { scope, ids: handle.dialect.listOf(ids) });
}
