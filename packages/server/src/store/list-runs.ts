import { sql } from 'kysely';
import { readBlocks } from './blocks/read-blocks.ts';
import type { Db, Handle, Position } from './dialect.ts';
import { type RunFilter, runConditions } from './run-filter.ts';
import { runBlockConditions, runLayout, TARGET, TEMPLATE } from './run-layout.ts';

/** What it takes to write a run's ARN, and its place in a list. */
export interface RunReference {
  readonly id: string;
  readonly target: string;
  readonly template: string;
  readonly createdAt: number;
}

export const reference = ['id', 'target', 'template', 'created_at as createdAt'] as const;

/**
 * Runs that match, newest first: by an index where the filter is a whole index, or else through the list's blocks. Why:
 * docs/decisions/2026-11-22-list-plans.md.
 */
export async function listRuns(
  handle: Pick<Handle, 'read' | 'dialect'>,
  scope: number,
  filter: RunFilter,
  after: Position | undefined,
  limit: number,
): Promise<RunReference[]> {
  if (isIndexed(filter)) return listByIndex(handle, scope, filter, after, limit);
  return handle.dialect.snapshot(handle.read, async (db) => {
    const changes = await changesAfter({ ...handle, read: db }, scope, filter, after);
    // Of the rows in blocks as many as there are changes may have changed or gone.
    const enough = limit + changes.length;
    const conditions = runBlockConditions(filter);
    const sealed = await readBlocks(db, runLayout, scope, conditions, after, enough, [TARGET, TEMPLATE]);
    const changed = new Set(changes.map(({ id }) => id));
    return [
      ...changes.flatMap(({ target, template, ...own }) =>
        target === null || template === null ? [] : [{ ...own, target, template }],
      ),
      ...sealed
        .filter(({ id }) => !changed.has(id))
        .map(({ at, id, texts: [target, template] }) => ({
          id,
          target: target ?? '',
          template: template ?? '',
          createdAt: at,
        })),
    ]
      .sort((one, other) => other.createdAt - one.createdAt || (one.id < other.id ? 1 : -1))
      .slice(0, limit);
  });
}

/** No filter, or a single value of what there is an index for: the index gives the page as it is. */
const isIndexed = ({ templates, states, ...others }: RunFilter): boolean =>
  Object.values(others).every((part) => part === undefined) &&
  (templates === undefined || states === undefined) &&
  (templates ?? states ?? [0]).length === 1;

async function listByIndex(
  { read, dialect }: Pick<Handle, 'read' | 'dialect'>,
  scope: number,
  filter: RunFilter,
  after: Position | undefined,
  limit: number,
): Promise<RunReference[]> {
  let query = read.selectFrom('runs').select(reference).where('scope', '=', scope);
  for (const condition of runConditions(filter, dialect)) query = query.where(condition);
  if (after) query = query.where((eb) => eb(eb.refTuple('created_at', 'id'), '<', eb.tuple(after.at, after.id)));
  return query.orderBy('created_at', 'desc').orderBy('id', 'desc').limit(limit).execute();
}

interface Change {
  readonly id: string;
  readonly createdAt: number;
  /** Null where the run is gone, or does not match. */
  readonly target: string | null;
  readonly template: string | null;
}

/** What the blocks do not know after a position: every run that was added, changed or deleted since they were made. */
async function changesAfter(
  { read, dialect }: { readonly read: Db; readonly dialect: Handle['dialect'] },
  scope: number,
  filter: RunFilter,
  after: Position | undefined,
): Promise<Change[]> {
  const matching = runConditions(filter, dialect).map((condition) => sql` and ${condition}`);
  const below = after ? sql` and (c.created_at, c.id) < (${after.at}, ${after.id})` : sql``;
  const { rows } = await sql<Change>`
    select c.id, c.created_at as "createdAt", r.target, r.template from list_changes as c
    left join runs as r on r.scope = c.scope and r.id = c.id${sql.join(matching, sql``)}
    where c.list = ${runLayout.list} and c.scope = ${scope}${below}`.execute(read);
  return rows;
}
