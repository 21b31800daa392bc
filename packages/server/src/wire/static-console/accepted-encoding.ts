/** The codings that files are kept in, the smallest first: the token of HTTP, and the ending of the file. */
const KEPT = [
  ['br', 'br'],
  ['gzip', 'gz'],
] as const;

export interface Coding {
  /** As in the Content-Encoding header. */
  readonly name: string;
  readonly ending: string;
}

/** The best of the kept codings that an Accept-Encoding header takes; undefined where it takes none of them. */
export function acceptedEncoding(header: string | undefined, endings: readonly string[]): Coding | undefined {
  const weights = new Map(
    (header ?? '')
      .slice(0, 1000)
      .toLowerCase()
      .split(',')
      .map((entry): [string, number] => {
        const [name = '', ...parameters] = entry.split(';').map((part) => part.trim());
        const weight = parameters.find((parameter) => parameter.startsWith('q='));
        return [name, weight === undefined ? 1 : Number(weight.slice(2))];
      }),
  );
  const found = KEPT.find(
    ([name, ending]) => endings.includes(ending) && (weights.get(name) ?? weights.get('*') ?? 0) > 0,
  );
  return found && { name: found[0], ending: found[1] };
}
