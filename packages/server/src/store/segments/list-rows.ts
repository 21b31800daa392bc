import { type RawBuilder, sql } from 'kysely';
import type { Db, Handle } from '../database/dialect.ts';
import { preparedQuery } from '../database/prepared-query.ts';
import type { Position } from '../lists/position.ts';
import type { Layout } from './layout.ts';
import type { Version } from './manifest.ts';
import { knownManifest, readManifest, versionOf } from './read-manifest.ts';
import { readSegments } from './read-segments.ts';
import { createSegmentColumns } from './segment-columns.ts';
import type { SegmentCondition } from './segment-filter.ts';

/** What to list, said twice: for segments, and for the table, whose columns it names unqualified. */
export interface ListQuery {
  readonly scope: number;
  readonly inSegments: readonly SegmentCondition[];
  readonly inTable: readonly RawBuilder<unknown>[];
  /** What SQL cannot say of a row of the table: a column, and whether a row with this in it matches. */
  readonly passing?: { readonly column: string; readonly test: (value: unknown) => boolean } | undefined;
  readonly after: Position | undefined;
  readonly limit: number;
}

export interface Listed extends Position {
  /** In the order of the layout's `answer`. */
  readonly texts: readonly string[];
}

type Reader = Pick<Handle, 'read' | 'dialect' | 'segments'>;

/**
 * The first rows of a list that match, newest first, from its segments and from what has changed since. One statement where
 * the segments are in memory and nothing has changed, and another where something has: a statement is a snapshot by itself,
 * and segments never change. Otherwise a snapshot, and a bounded number of statements.
 */
export async function listRows(handle: Reader, layout: Layout, query: ListQuery): Promise<Listed[]> {
  const { read, dialect, segments } = handle;
  const listed = await tryRows(handle, layout, query, false);
  return listed ?? dialect.snapshot(read, (db) => listRowsIn({ read: db, dialect, segments }, layout, query));
}

/** {@link listRows} where `read` is a snapshot already. */
export async function listRowsIn(snapshot: Reader, layout: Layout, query: ListQuery): Promise<Listed[]> {
  const listed = await tryRows(snapshot, layout, query, true);
  if (!listed) throw new Error('A list could not be read from its snapshot');
  return listed;
}

/** {@link listRows} where no snapshot is needed; undefined where one is. */
export const tryListRows = (handle: Reader, layout: Layout, query: ListQuery): Promise<Listed[] | undefined> =>
  tryRows(handle, layout, query, false);

async function tryRows(
  handle: Reader,
  layout: Layout,
  query: ListQuery,
  isSnapshot: boolean,
): Promise<Listed[] | undefined> {
  const { scope, inSegments, after, limit } = query;
  const now = await stateOf(handle, layout, query);
  // What is hidden may change from one statement to the next.
  if (!isSnapshot && layout.invisible && (now.invisible || now.changed)) return undefined;
  const { version, changes } = now.changed ? await changesAfter(handle, layout, query) : { ...now, changes: [] };
  const manifest =
    knownManifest(handle.segments, layout, scope, version) ??
    (isSnapshot ? await readManifest(handle, layout, scope, version) : undefined);
  if (!manifest) return undefined;
  const changed = new Set(changes.map(({ id }) => id));
  // Of the rows in segments as many as there are changes may have changed or gone.
  const enough = limit + changes.length;
  const kinds = layout.answer.map(({ kind }) => kind);
  const columns = createSegmentColumns(handle.segments, layout, isSnapshot ? handle : undefined);
  const compacted = await readSegments(columns, manifest.segments, inSegments, after, enough, kinds);
  if (!compacted) return undefined;
  const rows = [...changes.filter(({ there }) => there !== null), ...compacted.filter(({ id }) => !changed.has(id))];
  return rows
    .sort((one, other) => other.at - one.at || (one.id < other.id ? 1 : -1))
    .slice(0, limit)
    .map(({ at, id, texts }) => ({ at, id, texts: texts.map((text) => text ?? '') }));
}

/**
 * Which segments there are, and whether anything after the position has changed since they were made. Its text is the same
 * for every filter, so that a database has it prepared: most lists are asked for while nothing changes.
 */
async function stateOf(
  handle: Reader,
  layout: Layout,
  { scope, after }: ListQuery,
): Promise<{ readonly version: Version; readonly changed: boolean; readonly invisible: boolean }> {
  const { list } = layout;
  const states = statesOf.get(list) ?? stateQueries(layout);
  statesOf.set(list, states);
  const [row] = after
    ? await states.below(handle, { list, scope, at: after.at, id: after.id })
    : await states.all(handle, { list, scope });
  const version = { newest: row?.newest ?? null, count: row?.segments ?? 0 };
  return { version, changed: (row?.changed ?? 0) > 0, invisible: (row?.invisible ?? 0) > 0 };
}

interface OfList {
  readonly list: number;
  readonly scope: number;
}

interface State {
  readonly newest: number | null;
  readonly segments: number;
  readonly changed: number;
  readonly invisible: number;
}

/** Of each list, by its number. */
const statesOf = new Map<number, ReturnType<typeof stateQueries>>();

function stateQueries({ invisible }: Layout) {
  const state = (db: Db, { list, scope }: OfList, after: Position | undefined) => ({
    compile: () =>
      sql<State>`select v.newest, v.segments, (select count(*) from (
        select 1 as one from list_changes as c where c.list = ${list} and c.scope = ${scope}${below(after)} limit 1
      ) as n) as changed, ${invisible?.(db, scope) ?? sql`0`} as invisible from (${versionOf(list, scope)}) as v`.compile(
        db,
      ),
  });
  return {
    all: preparedQuery((db, values: OfList) => state(db, values, undefined)),
    below: preparedQuery((db, values: OfList & Position) => state(db, values, values)),
  };
}

const below = (after: Position | undefined): RawBuilder<unknown> =>
  after ? sql` and (c.created_at, c.id) < (${after.at}, ${after.id})` : sql``;

interface Change extends Position {
  /** Null where the row is gone, or does not match. */
  readonly there: string | null;
  readonly texts: readonly (string | null)[];
}

/**
 * What the segments do not know after a position: every row that was added, changed or deleted since they were made; and
 * which segments that goes with.
 */
async function changesAfter(
  { read, dialect }: Pick<Handle, 'read' | 'dialect'>,
  { list, table, answer }: Layout,
  { scope, inTable, passing, after }: ListQuery,
): Promise<{ readonly version: Version; readonly changes: readonly Change[] }> {
  const matching = inTable.map((condition) => sql` and ${condition}`);
  const taken = [...answer.map(({ name }) => name), ...(passing ? [passing.column] : [])];
  const names = taken.map((_, at) => sql.ref(`t${at}`));
  const columns = taken.map((name, at) => sql`, ${sql.table(table)}.${sql.ref(name)} as ${names[at]}`);
  const { rows } = await sql<ChangeRow>`
    select v.newest, v.segments, n.at, n.id, n.there${sql.join(
      names.map((name) => sql`, n.${name}`),
      sql``,
    )} from (${versionOf(list, scope)}) as v left join (
      select c.created_at as at, c.id, ${sql.table(table)}.id as there${sql.join(columns, sql``)} from list_changes as c
      ${dialect.joinRow(table, 'c')}${sql.join(matching, sql``)}
      where c.list = ${list} and c.scope = ${scope}${below(after)}) as n on 1 = 1`.execute(read);
  const changes: Change[] = [];
  for (const row of rows) {
    if (row.id === null) continue;
    const there = passing && row.there !== null && !passing.test(row[`t${answer.length}`]) ? null : row.there;
    const texts = answer.map((_, at) => row[`t${at}`] as string | null);
    changes.push({ at: row.at, id: row.id, there, texts });
  }
  return { version: { newest: rows[0]?.newest ?? null, count: rows[0]?.segments ?? 0 }, changes };
}

/** A change, or, where there is none, the version alone. */
type ChangeRow = {
  newest: number | null;
  segments: number;
  at: number;
  id: string | null;
  there: string | null;
} & Record<`t${number}`, unknown>;
