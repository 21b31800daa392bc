import { type RawBuilder, sql } from 'kysely';
import type { Db, Position } from '../dialect.ts';
import type { Layout } from './layout.ts';

/** Notes that rows were added or changed, or are about to be deleted: the list's blocks are not to be trusted on them. */
export async function noteChanges(
  db: Db,
  { list }: Pick<Layout, 'list'>,
  scope: number,
  rows: readonly Position[],
): Promise<void> {
  if (rows.length === 0) return;
  await db
    .insertInto('list_changes')
    .values(rows.map(({ at, id }) => ({ list, scope, created_at: at, id })))
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

/** {@link noteChanges} of all rows of the list's table that fulfil a condition. */
export async function noteChangesOf(
  db: Db,
  { list, table }: Pick<Layout, 'list' | 'table'>,
  scope: number,
  condition: RawBuilder<unknown>,
): Promise<void> {
  await sql`insert into list_changes (list, scope, created_at, id)
    select ${sql.lit(list)}, scope, created_at, id from ${sql.table(table)} where scope = ${scope} and ${condition}
    on conflict do nothing`.execute(db);
}

/** The lists and scopes with at least so many changes since they were sealed. */
export async function changedLists(db: Db, atLeast: number): Promise<{ list: number; scope: number }[]> {
  return db
    .selectFrom('list_changes')
    .select(['list', 'scope'])
    .groupBy(['list', 'scope'])
    .having((eb) => eb(eb.fn.countAll(), '>=', atLeast))
    .execute();
}
