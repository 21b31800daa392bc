/** What came from outside, on one line and no longer than `max`. */
export const oneLine = (text: string, max: number): string => {
  const line = text.replace(/[\p{Cc}\u2028\u2029]+/gu, ' ').toWellFormed();
  return line.length <= max ? line : `${line.slice(0, max - 1).toWellFormed()}…`;
};

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
