import type { Handle } from '../database/dialect.ts';
import { listRows } from '../segments/list-rows.ts';
import type { Position } from './position.ts';
import { preparedPages } from './prepared-pages.ts';
import { type RunFilter, runConditions } from './run-filter.ts';
import { runLayout, runSegmentConditions } from './run-layout.ts';

/** What it takes to write a run's ARN, and its place in a list. */
export interface RunReference {
  readonly id: string;
  readonly target: string;
  readonly template: string;
  readonly createdAt: number;
}

export const reference = ['id', 'target', 'template', 'created_at as createdAt'] as const;

/**
 * Runs that match, newest first: by an index where the filter is a whole index, or else through the list's segments. Why:
 * docs/decisions/2026-11-22-list-plans.md.
 */
export async function listRuns(
  handle: Pick<Handle, 'read' | 'dialect' | 'segments'>,
  scope: number,
  filter: RunFilter,
  after: Position | undefined,
  limit: number,
): Promise<RunReference[]> {
  if (isIndexed(filter)) return listByIndex(handle, scope, filter, after, limit);
  const inTable = runConditions(filter, handle.dialect);
  const inSegments = runSegmentConditions(filter);
  const rows = await listRows(handle, runLayout, { scope, inSegments, inTable, after, limit });
  return rows.map(({ at, id, texts: [target = '', template = ''] }) => ({ id, target, template, createdAt: at }));
}

/** No filter, or a single value of what there is an index for: the index gives the page as it is. */
const isIndexed = ({ templates, states, ...others }: RunFilter): boolean =>
  Object.values(others).every((part) => part === undefined) &&
  (templates === undefined || states === undefined) &&
  (templates ?? states ?? [0]).length === 1;

function listByIndex(
  handle: Pick<Handle, 'read' | 'dialect'>,
  scope: number,
  { templates, states }: RunFilter,
  after: Position | undefined,
  limit: number,
): Promise<RunReference[]> {
  const pages = indexed[templates ? 'template' : states ? 'state' : 'all'];
  return pages(handle, { scope, value: (templates ?? states)?.[0] ?? '' }, after, limit);
}

const pagesOf = (column?: 'template' | 'state') =>
  preparedPages((db, { scope, value }: { readonly scope: number; readonly value: string }) => {
    const rows = db.selectFrom('runs').select(reference).where('scope', '=', scope);
    return column ? rows.where(column, '=', value) : rows;
  });

const indexed = { all: pagesOf(), template: pagesOf('template'), state: pagesOf('state') };
