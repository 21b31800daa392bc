import { oneLine } from '@assay/model/safe-text.ts';

/** Text of a host as it may stand in a finding: see {@link oneLine}. */
export const quote = (text: string, max = 300): string => oneLine(text, max).trim();

/** `a, b, c`, and after `most` items `and N more`. */
export function enumerate(items: readonly string[], most = 50): string {
  const shown = items.slice(0, most).join('; ');
  return items.length > most ? `${shown}; and ${items.length - most} more` : shown;
}
