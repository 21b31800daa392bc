/** A `name = value` line of a configuration file, with where it stands. */
export interface KeyValue {
  /** Lower case. */
  readonly name: string;
  readonly value: string;
  readonly source: string;
}

/** Lines of `name = value`, `name value` or `name`; `#` begins a comment. */
export function keyValues(path: string, content: string): KeyValue[] {
  const pairs: KeyValue[] = [];
  for (const [index, raw] of content.split('\n').entries()) {
    const line = raw.split('#', 1)[0]?.trim() ?? '';
    const name = /^[^\s=]+/.exec(line)?.[0];
    if (name === undefined) continue;
    const value = line.slice(name.length).trimStart().replace(/^=/, '').trim();
    pairs.push({ name: name.toLowerCase(), value, source: `${path}:${index + 1}` });
  }
  return pairs;
}

/** A whole number as C's strtol reads it, the whole text used. */
export const wholeNumber = (text: string | undefined): number | undefined =>
  text !== undefined && /^[+-]?\d{1,10}$/.test(text) ? Number(text) : undefined;
