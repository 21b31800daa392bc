/** One page of a List*, and the token of the next where there is one. */
export interface Page<T> {
  readonly items: readonly T[];
  readonly nextToken: string | undefined;
}

/** Walks every page, up to `limit` items; `complete` is false where there were more. */
export async function readAll<T>(
  readPage: (nextToken: string | undefined) => Promise<Page<T>>,
  limit: number,
): Promise<{ readonly items: readonly T[]; readonly complete: boolean }> {
  const items: T[] = [];
  let nextToken: string | undefined;
  do {
    const page = await readPage(nextToken);
    items.push(...page.items);
    ({ nextToken } = page);
  } while (nextToken !== undefined && items.length < limit);
  return { items: items.slice(0, limit), complete: nextToken === undefined && items.length <= limit };
}

/** The part of an input that asks for the page after a token. */
export const after = (nextToken: string | undefined): { nextToken?: string } =>
  nextToken === undefined ? {} : { nextToken };
