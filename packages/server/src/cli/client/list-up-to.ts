/** The first items of a list, page by page; `more` where there are others. */
export async function listUpTo<T>(
  limit: number,
  read: (page: {
    readonly nextToken: string | undefined;
    readonly maxResults: number;
  }) => Promise<{ readonly items: readonly T[]; readonly nextToken?: string | undefined }>,
): Promise<{ readonly items: readonly T[]; readonly more: boolean }> {
  const all: T[] = [];
  let token: string | undefined;
  do {
    const page = await read({ nextToken: token, maxResults: Math.min(500, limit - all.length) });
    all.push(...page.items);
    token = page.nextToken;
  } while (token !== undefined && all.length < limit);
  return { items: all, more: token !== undefined };
}
