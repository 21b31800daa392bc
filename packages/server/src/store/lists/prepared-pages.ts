import { type SelectQueryBuilder, type SqlBool, sql } from 'kysely';
import type { Db, Handle } from '../database/dialect.ts';
import { preparedQuery, unplannedLimit, type Values } from '../database/prepared-query.ts';
import type { Database } from '../database/schema.ts';
import type { Position } from './position.ts';

/** Columns that a list is in the order of, the newest first. */
interface Order {
  readonly at: string;
  readonly id: string;
}

/** Pages of a list of which nothing changes but values; see {@link preparedQuery}, also for what `select` may do. */
export function preparedPages<V extends Values<V>, Tables extends keyof Database, Row>(
  select: (db: Db, values: V) => SelectQueryBuilder<Database, Tables, Row>,
  order: Order = { at: 'created_at', id: 'id' },
): (handle: Pick<Handle, 'read' | 'dialect'>, values: V, after: Position | undefined, limit: number) => Promise<Row[]> {
  const [at, id] = [sql.ref(order.at), sql.ref(order.id)];
  const first = preparedQuery((db, values: V & { readonly limit: number }) =>
    select(db, values).orderBy(at, 'desc').orderBy(id, 'desc').limit(unplannedLimit(values.limit)),
  );
  const next = preparedQuery((db, values: V & Position & { readonly limit: number }) =>
    select(db, values)
      .where(sql<SqlBool>`(${at}, ${id}) < (${values.at}, ${values.id})`)
      .orderBy(at, 'desc')
      .orderBy(id, 'desc')
      .limit(unplannedLimit(values.limit)),
  );
  return (handle, values, after, limit) =>
    after ? next(handle, { ...values, at: after.at, id: after.id, limit }) : first(handle, { ...values, limit });
}
