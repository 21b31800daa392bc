import { type RawBuilder, sql } from 'kysely';
import type { Db, Handle } from '../database/dialect.ts';
import { type Insert, insertRows } from '../database/insert-rows.ts';
import type { Position } from '../lists/position.ts';
import type { Layout } from './layout.ts';

/**
 * Notes that rows were added or changed, or are about to be deleted: the list's segments are not to be trusted on them. A
 * row that is noted already is written again: whoever takes it into a segment at this moment must wait, or be waited for.
 */
export async function recordDelta(
  handle: Pick<Handle, 'write' | 'dialect'>,
  { list }: Pick<Layout, 'list'>,
  scope: number,
  rows: readonly Position[],
): Promise<void> {
  const values: unknown[] = [];
  const noted = new Set<string>();
  for (const { at, id } of rows) {
    if (noted.has(id)) continue;
    noted.add(id);
    values.push(list, scope, at, id);
  }
  await insertRows(handle, insertion, values);
}

const insertion: Insert = {
  table: 'list_changes',
  columns: ['list', 'scope', 'created_at', 'id'],
  end: 'on conflict (list, scope, created_at, id) do update set list = excluded.list',
};

/** {@link recordDelta} of all rows of the list's table that fulfil a condition. */
export async function recordDeltaOf(
  db: Db,
  { list, table }: Pick<Layout, 'list' | 'table'>,
  scope: number,
  condition: RawBuilder<unknown>,
): Promise<void> {
  await sql`insert into list_changes (list, scope, created_at, id)
    select ${sql.lit(list)}, scope, created_at, id from ${sql.table(table)} where scope = ${scope} and ${condition}
    on conflict (list, scope, created_at, id) do update set list = excluded.list`.execute(db);
}

/** The lists and scopes with at least so many changes since they were compacted. */
export async function listsWithDelta(db: Db, atLeast: number): Promise<{ list: number; scope: number }[]> {
  return db
    .selectFrom('list_changes')
    .select(['list', 'scope'])
    .groupBy(['list', 'scope'])
    .having((eb) => eb(eb.fn.countAll(), '>=', atLeast))
    .execute();
}
