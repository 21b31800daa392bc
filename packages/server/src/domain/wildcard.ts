/**
 * Name patterns of the API's filters: the whole name must match, case-sensitively; `*` stands for any run of
 * characters, none included; every other character stands for itself. Source: the user guide's filters.
 */

/** A pattern's literal pieces: a name matches when they stand in it in this order, first and last at its ends. */
export const piecesOf = (pattern: string): string[] => pattern.split(/\*+/);

/** True when `name` matches `pattern`, in time linear in both. */
export function matchesWildcard(pattern: string, name: string): boolean {
  const pieces = piecesOf(pattern);
  const [first = '', ...rest] = pieces;
  if (rest.length === 0) return name === first;
  const last = rest.pop() ?? '';
  if (name.length < first.length + last.length || !name.startsWith(first) || !name.endsWith(last)) return false;
  let from = first.length;
  for (const piece of rest) {
    const at = name.indexOf(piece, from);
    if (at === -1) return false;
    from = at + piece.length;
  }
  return from <= name.length - last.length;
}
