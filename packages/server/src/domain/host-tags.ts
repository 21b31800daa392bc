interface Tag {
  readonly key: string;
  readonly value: string;
}

/**
 * The tags of a host: its own, but for the keys that an operator fixed; the operator's value counts there, and null means
 * that the host has no such tag.
 */
export function effectiveTags(
  own: readonly Tag[],
  fixed: readonly { readonly key: string; readonly value: string | null }[] | null | undefined,
): Tag[] {
  if (!fixed || fixed.length === 0) return [...own];
  const keys = new Set(fixed.map(({ key }) => key));
  const set = fixed.flatMap(({ key, value }) => (value === null ? [] : [{ key, value }]));
  return [...own.filter(({ key }) => !keys.has(key)), ...set];
}
