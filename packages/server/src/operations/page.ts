import type { Position } from '../store/lists/position.ts';
import { meaningOf } from './meaning-of.ts';
import type { Caller } from './operation.ts';
import type { PageTokens } from './page-tokens.ts';

/** The input of a list. */
interface ListInput {
  readonly nextToken?: string | undefined;
  readonly maxResults?: number | undefined;
}

export interface Page<Row> {
  readonly rows: readonly Row[];
  /** Absent from the last page. */
  readonly nextToken?: string;
}

/** Where the page begins that the input asks for, checked before anything is looked up. */
export interface PageRequest {
  readonly after: Position | undefined;
  readonly size: number;
  /** The list is empty, whatever is there. */
  readonly isEmpty: boolean;
  readonly write: (position: Position) => string;
}

/** Reads a list's nextToken and maxResults. Throws INVALID_PAGINATION_TOKEN. */
export function pageRequest(
  tokens: PageTokens,
  operation: string,
  caller: Caller,
  input: ListInput,
  defaultSize = 10,
): PageRequest {
  const { nextToken, maxResults, ...rest } = input;
  const binding = { operation, account: caller.account, region: caller.region, input: meaningOf(rest) };
  return {
    after: nextToken === undefined ? undefined : tokens.read(nextToken, binding),
    size: maxResults ?? defaultSize,
    isEmpty: caller.matchesNothing === true,
    write: (position) => tokens.write(position, binding),
  };
}

/** One page: `fetch` is asked for one row more than the page holds, which tells whether there is another. */
export async function readPage<Row>(
  { after, size, isEmpty, write }: PageRequest,
  fetch: (after: Position | undefined, limit: number) => Promise<readonly Row[]>,
  position: (row: Row) => Position,
): Promise<Page<Row>> {
  if (isEmpty) return { rows: [] };
  const rows = await fetch(after, size + 1);
  if (rows.length <= size) return { rows };
  const page = rows.slice(0, size);
  const last = page.at(-1);
  return last === undefined ? { rows: page } : { rows: page, nextToken: write(position(last)) };
}

/**
 * {@link readPage} over rows that are in memory already, in the order of the list. `matches` is the filter: a page
 * begins where the one before ended even if the row there has stopped matching since.
 */
export function slicePage<Row>(
  request: PageRequest,
  rows: readonly Row[],
  idOf: (row: Row) => string,
  matches: (row: Row) => boolean = () => true,
): Promise<Page<Row>> {
  return readPage(
    request,
    async (after, limit) => {
      const from = after ? rows.findIndex((row) => idOf(row) === after.id) + 1 : 0;
      return rows.slice(from).filter(matches).slice(0, limit);
    },
    (row) => ({ at: 0, id: idOf(row) }),
  );
}
