import { type RawBuilder, sql } from 'kysely';
import type { Db, Position } from '../dialect.ts';
import type { BlockCondition } from './block-filter.ts';
import type { Layout } from './layout.ts';
import { readBlocks } from './read-blocks.ts';

/** What to list, said twice: for blocks, and for the table, whose columns it names unqualified. */
export interface ListQuery {
  readonly scope: number;
  readonly inBlocks: readonly BlockCondition[];
  readonly inTable: readonly RawBuilder<unknown>[];
  readonly after: Position | undefined;
  readonly limit: number;
}

export interface Listed extends Position {
  /** In the order of the layout's `answer`. */
  readonly texts: readonly string[];
}

/** The first rows of a list that match, newest first, from its blocks and from what has changed since. Call it in a snapshot. */
export async function listRows(db: Db, layout: Layout, query: ListQuery): Promise<Listed[]> {
  const { scope, inBlocks, after, limit } = query;
  const changes = await changesAfter(db, layout, query);
  const changed = new Set(changes.map(({ id }) => id));
  // Of the rows in blocks as many as there are changes may have changed or gone.
  const enough = limit + changes.length;
  const kinds = layout.answer.map(({ kind }) => kind);
  const sealed = await readBlocks(db, layout, scope, inBlocks, after, enough, kinds);
  const rows = [...changes.filter(({ there }) => there !== null), ...sealed.filter(({ id }) => !changed.has(id))];
  return rows
    .sort((one, other) => other.at - one.at || (one.id < other.id ? 1 : -1))
    .slice(0, limit)
    .map(({ at, id, texts }) => ({ at, id, texts: texts.map((text) => text ?? '') }));
}

interface Change extends Position {
  /** Null where the row is gone, or does not match. */
  readonly there: string | null;
  readonly texts: readonly (string | null)[];
}

/** What the blocks do not know after a position: every row that was added, changed or deleted since they were made. */
async function changesAfter(
  db: Db,
  { list, table, answer }: Layout,
  { scope, inTable, after }: ListQuery,
): Promise<Change[]> {
  const matching = inTable.map((condition) => sql` and ${condition}`);
  const below = after ? sql` and (c.created_at, c.id) < (${after.at}, ${after.id})` : sql``;
  const columns = answer.map(({ name }, at) => sql`, ${sql.table(table)}.${sql.ref(name)} as ${sql.ref(`t${at}`)}`);
  const { rows } = await sql<{ at: number; id: string; there: string | null } & Record<`t${number}`, string | null>>`
    select c.created_at as at, c.id, ${sql.table(table)}.id as there${sql.join(columns, sql``)} from list_changes as c
    left join ${sql.table(table)} on ${sql.table(table)}.scope = c.scope and ${sql.table(table)}.id = c.id${sql.join(matching, sql``)}
    where c.list = ${list} and c.scope = ${scope}${below}`.execute(db);
  return rows.map((row) => ({ ...row, texts: answer.map((_, at) => row[`t${at}`] ?? null) }));
}
