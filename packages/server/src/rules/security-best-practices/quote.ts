/**
 * Text of a host as it may stand in a finding: one line, no control characters, no broken surrogates, at most `max`
 * UTF-16 units.
 */
export function quote(text: string, max = 300): string {
  const clean = text
    .slice(0, max * 4)
    .replace(/[\p{Cc}\u2028\u2029]+/gu, ' ')
    .trim();
  return (clean.length <= max ? clean : `${clean.slice(0, max - 1)}…`).toWellFormed();
}

/** `a, b, c`, and after `most` items `and N more`. */
export function enumerate(items: readonly string[], most = 50): string {
  const shown = items.slice(0, most).join('; ');
  return items.length > most ? `${shown}; and ${items.length - most} more` : shown;
}
