/** Every item of a list, page by page. `read` calls the operation and picks the items out of its answer. */
export async function listAll<T>(
  read: (
    nextToken: string | undefined,
  ) => Promise<{ readonly items: readonly T[]; readonly nextToken?: string | undefined }>,
): Promise<T[]> {
  const all: T[] = [];
  let token: string | undefined;
  do {
    const { items, nextToken } = await read(token);
    all.push(...items);
    token = nextToken;
  } while (token !== undefined);
  return all;
}
