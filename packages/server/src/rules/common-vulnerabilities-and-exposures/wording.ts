import { oneLine } from '@assay/model/safe-text.ts';

/** As many as fit, and how many more there are. */
export function enumerate(items: readonly string[], max: number, separator = ', '): string {
  let text = '';
  for (const [index, item] of items.entries()) {
    const more = items.length - index;
    const next = index === 0 ? item : `${text}${separator}${item}`;
    const rest = more > 1 ? `${separator}and ${more - 1} more` : '';
    if (next.length + rest.length > max) {
      return index === 0 ? oneLine(item, max) : `${text}${separator}and ${more} more`.slice(0, max);
    }
    text = next;
  }
  return text;
}
