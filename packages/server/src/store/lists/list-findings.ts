import { type RawBuilder, type SqlBool, sql } from 'kysely';
import type { Db, Handle } from '../database/dialect.ts';
import { preparedQuery } from '../database/prepared-query.ts';
import { listRowsIn, tryListRows } from '../segments/list-rows.ts';
import { termsOf } from '../segments/postings-column.ts';
import { hasAttributes, isOfPackage } from '../tables/finding-terms.ts';
import { unpackAttributes } from '../tables/packed-findings.ts';
import { activeRuns, countActiveRuns } from './active-runs.ts';
import type { FindingFilter } from './finding-filter.ts';
import { attributeTerms, findingLayout, findingSegmentConditions } from './finding-layout.ts';
import type { Position } from './position.ts';
import { preparedPages } from './prepared-pages.ts';

/** What it takes to write a finding's ARN, and its place in a list. */
export interface FindingReference {
  readonly id: string;
  readonly target: string;
  readonly template: string;
  readonly run: string;
  readonly createdAt: number;
}

const reference = ['id', 'target', 'template', 'run', 'created_at as createdAt'] as const;
/** Candidates that are held against the table at once, at most. */
const MOST = 8000;

/** Findings of a run in progress are not listed; those of an imported run, or of one that is not in the store, are. */
export const runHasEnded = (scope: number): RawBuilder<SqlBool> =>
  sql`not exists (select 1 from runs r where r.scope = ${scope} and r.id = findings.run
    and r.completed_at is null and r.imported = 0)`;

const runsGoing = preparedQuery((db, { scope }: { readonly scope: number }) => activeRuns(db, scope).select('id'));

/**
 * Findings that match, newest first: through the list's segments, but along an index where it is of one run or of nothing
 * in particular and no run is going. Why: docs/decisions/2026-11-22-list-plans.md.
 */
export async function listFindings(
  handle: Pick<Handle, 'read' | 'dialect' | 'segments'>,
  scope: number,
  filter: FindingFilter,
  after: Position | undefined,
  limit: number,
): Promise<FindingReference[]> {
  const page = isIndexed(filter)
    ? await listByIndex(handle, scope, filter.runs?.[0], after, limit)
    : await listBySegments(handle, scope, filter, undefined, after, limit);
  if (page) return page;
  const { read, dialect, segments } = handle;
  return dialect.snapshot(read, async (db) => {
    const going = await runsGoing({ read: db, dialect }, { scope });
    const ids = going.map(({ id }) => id);
    const listed = await listBySegments({ read: db, dialect, segments }, scope, filter, ids, after, limit);
    if (!listed) throw new Error('Findings could not be listed from a snapshot');
    return listed;
  });
}

/** No filter, or a single run: the index gives the page as it is. */
const isIndexed = ({ runs, ...others }: FindingFilter): boolean =>
  Object.values(others).every((part) => part === undefined) && (runs ?? [0]).length === 1;

/** Each row says how many runs are going: what one statement says is of one moment. */
const withGoing = (db: Db, scope: number) =>
  db.selectFrom('findings').select(reference).select(countActiveRuns(db, scope).as('going')).where('scope', '=', scope);

const pages = {
  all: preparedPages((db, { scope }: { readonly scope: number }) => withGoing(db, scope)),
  ofRun: preparedPages((db, { scope, run }: { readonly scope: number; readonly run: string }) =>
    withGoing(db, scope).where('run', '=', run),
  ),
};

/** Undefined where the index does not tell, since a run is going, or may be. */
async function listByIndex(
  handle: Pick<Handle, 'read' | 'dialect'>,
  scope: number,
  run: string | undefined,
  after: Position | undefined,
  limit: number,
): Promise<FindingReference[] | undefined> {
  const rows =
    run === undefined
      ? await pages.all(handle, { scope }, after, limit)
      : await pages.ofRun(handle, { scope, run }, after, limit);
  if (rows[0]?.going !== 0) return undefined;
  return rows.map(({ going: _, ...row }) => row);
}

/**
 * What segments let through is held against the table. It takes one round, but for findings that look like others by the
 * hashes of what they say: then more follow, of more candidates each. `reader` is a snapshot, and `going` the runs that go
 * on in it; or it is none, and no run may go on: undefined where one does, and where one round was not enough.
 */
async function listBySegments(
  reader: Pick<Handle, 'read' | 'dialect' | 'segments'>,
  scope: number,
  filter: FindingFilter,
  going: readonly string[] | undefined,
  after: Position | undefined,
  limit: number,
): Promise<FindingReference[] | undefined> {
  const query = {
    scope,
    inSegments: findingSegmentConditions(filter, going ?? []),
    inTable: [runHasEnded(scope), ...columnConditions(filter)],
    passing: passing(attributeTerms(filter)),
  };
  const listed: FindingReference[] = [];
  let from = after;
  for (let wanted = limit; ; wanted = Math.min(MOST, wanted * 4)) {
    const list = going ? listRowsIn : tryListRows;
    const candidates = await list(reader, findingLayout, { ...query, after: from, limit: wanted });
    if (!candidates) return undefined;
    const found = await holding(reader.read, scope, filter, candidates, wanted);
    for (const { id } of candidates) {
      const row = found.get(id);
      if (row && listed.length < limit) listed.push(row);
    }
    if (listed.length === limit || candidates.length < wanted) return listed;
    if (!going) return undefined;
    from = candidates.at(-1);
  }
}

/** Those of some findings that the filter is true of: one statement. */
async function holding(
  read: Db,
  scope: number,
  filter: FindingFilter,
  candidates: readonly Position[],
  wanted: number,
): Promise<ReadonlyMap<string, FindingReference>> {
  if (candidates.length === 0) return new Map();
  // As many parameters whatever was found: the statement is prepared once.
  const ids = Array.from({ length: wanted }, (_, at) => candidates[at]?.id ?? '');
  let query = read.selectFrom('findings').select(reference).where('scope', '=', scope).where('id', 'in', ids);
  for (const condition of textConditions(filter)) query = query.where(condition);
  if (attributeTerms(filter).length === 0) return new Map((await query.execute()).map((row) => [row.id, row]));
  const rows = await query.select(['attributes', 'user_attributes as userAttributes']).execute();
  return new Map(
    rows
      .filter((row) => {
        const own = unpackAttributes(row);
        return hasAttributes(own, filter) && (filter.package === undefined || isOfPackage(own, filter.package));
      })
      .map(({ attributes: _, userAttributes: __, ...row }) => [row.id, row]),
  );
}

/** A row of the table may have all of the terms. */
const passing = (wanted: readonly number[]) =>
  wanted.length === 0
    ? undefined
    : {
        column: 'terms',
        test: (value: unknown): boolean => {
          const own = value instanceof Uint8Array ? termsOf(value) : undefined;
          return own !== undefined && wanted.every((term) => own.includes(term));
        },
      };

const columnConditions = (filter: FindingFilter): RawBuilder<SqlBool>[] => [
  ...placeConditions(filter),
  ...textConditions(filter),
];

/** What segments say exactly: they are not asked of candidates again, where they would tempt a database to other indexes. */
function placeConditions({ runs, created }: FindingFilter): RawBuilder<SqlBool>[] {
  const conditions: RawBuilder<SqlBool>[] = [];
  if (runs) conditions.push(among('run', runs));
  const { begin, end } = created ?? {};
  if (begin !== undefined) conditions.push(sql`findings.created_at >= ${begin}`);
  if (end !== undefined) conditions.push(sql`findings.created_at <= ${end}`);
  return conditions;
}

/** What segments say by hashes. */
function textConditions(filter: FindingFilter): RawBuilder<SqlBool>[] {
  const lists = {
    agent: filter.agents,
    auto_scaling_group: filter.autoScalingGroups,
    rule: filter.rules,
    severity: filter.severities,
    rules_package: filter.rulesPackages,
  } as const;
  return Object.entries(lists).flatMap(([column, values]) => (values ? [among(column, values)] : []));
}

/** SQL has no empty list. */
const among = (column: string, values: readonly string[]): RawBuilder<SqlBool> =>
  values.length === 0 ? sql`1 = 0` : sql`${sql.ref(`findings.${column}`)} in (${sql.join([...values])})`;
