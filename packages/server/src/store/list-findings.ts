import { type RawBuilder, type SqlBool, sql } from 'kysely';
import { hasEnded, runStates } from '../domain/run-machine.ts';
import { listRowsIn } from './blocks/list-rows.ts';
import type { Db, Handle, Position } from './dialect.ts';
import type { FindingFilter } from './finding-filter.ts';
import { findingBlockConditions, findingLayout } from './finding-layout.ts';
import type { UserAttribute } from './templates.ts';

/** What it takes to write a finding's ARN, and its place in a list. */
export interface FindingReference {
  readonly id: string;
  readonly target: string;
  readonly template: string;
  readonly run: string;
  readonly createdAt: number;
}

const liveStates = runStates.filter((state) => !hasEnded(state));
/** Findings with one attribute that are sorted rather than looked for along the list. */
const FEW = 2000;

/** Findings of a run in progress are not listed; those of an imported run, or of one that is not in the store, are. */
export const runHasEnded = (scope: number): RawBuilder<SqlBool> =>
  sql`not exists (select 1 from runs r where r.scope = ${scope} and r.id = findings.run
    and r.completed_at is null and r.imported = 0)`;

/**
 * Findings that match, newest first: through the list's blocks, but along an index where it is of one run or of nothing
 * in particular, or where it asks for attributes. Why: docs/decisions/2026-11-22-list-plans.md.
 */
export async function listFindings(
  { read, dialect, blocks }: Pick<Handle, 'read' | 'dialect' | 'blocks'>,
  scope: number,
  filter: FindingFilter,
  after: Position | undefined,
  limit: number,
): Promise<FindingReference[]> {
  const { attributes = [], userAttributes = [], ...others } = filter;
  const pairs = [...attributes.map(hasAttribute('system', scope)), ...userAttributes.map(hasAttribute('user', scope))];
  const conditions = [runHasEnded(scope), ...columnConditions(filter)];
  const bare = Object.values(others).every((part) => part === undefined);
  if (pairs.length > 0) {
    const few = await someRare(read, pairs);
    const holding = pairs.map((pair, at) => (at === few ? pair.chosen : pair.probed));
    return listByIndex(read, scope, [...conditions, ...holding], after, limit);
  }
  if (bare || filter.runs?.length === 1) return listByIndex(read, scope, conditions, after, limit);
  const rows = await dialect.snapshot(read, async (db) => {
    const going = await db
      .selectFrom('runs')
      .select('id')
      .where('scope', '=', scope)
      .where('state', 'in', liveStates)
      .where('completed_at', 'is', null)
      .where('imported', '=', 0)
      .execute();
    const inBlocks = findingBlockConditions(
      filter,
      going.map(({ id }) => id),
    );
    return listRowsIn({ read: db, dialect, blocks }, findingLayout, {
      scope,
      inBlocks,
      inTable: conditions,
      after,
      limit,
    });
  });
  return rows.map(({ at, id, texts: [target = '', template = '', run = ''] }) => ({
    id,
    target,
    template,
    run,
    createdAt: at,
  }));
}

async function listByIndex(
  read: Db,
  scope: number,
  conditions: readonly RawBuilder<SqlBool>[],
  after: Position | undefined,
  limit: number,
): Promise<FindingReference[]> {
  let query = read
    .selectFrom('findings')
    .select(['id', 'target', 'template', 'run', 'created_at as createdAt'])
    .where('scope', '=', scope);
  for (const condition of conditions) query = query.where(condition);
  if (after) query = query.where((eb) => eb(eb.refTuple('created_at', 'id'), '<', eb.tuple(after.at, after.id)));
  return query.orderBy('created_at', 'desc').orderBy('id', 'desc').limit(limit).execute();
}

function columnConditions(filter: FindingFilter): RawBuilder<SqlBool>[] {
  const lists = {
    run: filter.runs,
    agent: filter.agents,
    auto_scaling_group: filter.autoScalingGroups,
    rule: filter.rules,
    severity: filter.severities,
    rules_package: filter.rulesPackages,
  } as const;
  const conditions: RawBuilder<SqlBool>[] = [];
  for (const [column, values] of Object.entries(lists)) {
    if (values) conditions.push(sql`${sql.ref(`findings.${column}`)} in (${sql.join([...values])})`);
  }
  const { begin, end } = filter.created ?? {};
  if (begin !== undefined) conditions.push(sql`findings.created_at >= ${begin}`);
  if (end !== undefined) conditions.push(sql`findings.created_at <= ${end}`);
  return conditions;
}

/** One attribute that a finding must have: its rows, asked of a finding, and as the source of the findings. */
const hasAttribute =
  (owner: 'system' | 'user', scope: number) =>
  ({ key, value }: UserAttribute) => {
    const same = value === undefined ? sql`` : sql` and a.value = ${value}`;
    const rows = sql`from finding_attributes a
      where a.scope = ${scope} and a.owner = ${owner} and a.key = ${key}${same}`;
    return {
      rows,
      probed: sql<SqlBool>`exists (select 1 ${rows} and a.finding = findings.id)`,
      chosen: sql<SqlBool>`findings.id in (select a.finding ${rows})`,
    };
  };

/** The first attribute that only few findings have: its place, or -1. Counts no further than that. */
async function someRare(read: Db, pairs: readonly { readonly rows: RawBuilder<unknown> }[]): Promise<number> {
  const counts = pairs.map(
    ({ rows }, at) => sql`select ${sql.lit(at)} as at, count(*) as count
      from (select 1 ${rows} limit ${FEW + 1}) as some`,
  );
  const { rows } = await sql<{ at: number; count: number }>`${sql.join(counts, sql` union all `)}`.execute(read);
  return rows.find(({ count }) => Number(count) <= FEW)?.at ?? -1;
}
