/**
 * Whether a file name matches one part of a glob(7) pattern: `*`, `?`, `[a-z]`, `[!a]`, and `\` before a character
 * that is meant literally. A leading dot is matched by a dot only. Takes time of name × pattern at most.
 */
export function matchesGlob(pattern: string, name: string): boolean {
  const tokens = parsePattern(pattern);
  const characters = [...name];
  const [first] = tokens;
  if (characters[0] === '.' && !(first && first !== ANY_RUN && first.literal && first.accepts('.'))) return false;
  let token = 0;
  let at = 0;
  // Where the last `*` stands, and how far it reaches so far.
  let star = -1;
  let reach = 0;
  while (at < characters.length) {
    const current = tokens[token];
    if (current === ANY_RUN) {
      star = token++;
      reach = at;
    } else if (current?.accepts(characters[at] ?? '')) {
      token++;
      at++;
    } else if (star >= 0) {
      token = star + 1;
      at = ++reach;
    } else {
      return false;
    }
  }
  return tokens.slice(token).every((rest) => rest === ANY_RUN);
}

const ANY_RUN = Symbol('*');
type Token = typeof ANY_RUN | { readonly literal: boolean; readonly accepts: (character: string) => boolean };

function parsePattern(pattern: string): Token[] {
  const tokens: Token[] = [];
  const characters = [...pattern];
  for (let index = 0; index < characters.length; index++) {
    const character = characters[index] ?? '';
    if (character === '*') {
      tokens.push(ANY_RUN);
    } else if (character === '?') {
      tokens.push({ literal: false, accepts: () => true });
    } else if (character === '[') {
      const set = parseSet(characters, index);
      tokens.push(set ? { literal: false, accepts: set.accepts } : literal('['));
      index = set?.end ?? index;
    } else {
      if (character === '\\' && index + 1 < characters.length) index++;
      tokens.push(literal(characters[index] ?? ''));
    }
  }
  return tokens;
}

const literal = (expected: string): Token => ({ literal: true, accepts: (character) => character === expected });

/** The set that begins with the `[` at `start`; undefined where it is never closed, so that `[` is itself. */
function parseSet(characters: readonly string[], start: number) {
  let index = start + 1;
  const negated = characters[index] === '!' || characters[index] === '^';
  if (negated) index++;
  const ranges: (readonly [string, string])[] = [];
  for (let position = 0; ; position++) {
    const from = characters[index];
    if (from === undefined) return undefined;
    if (from === ']' && position > 0) break;
    const to = characters[index + 2];
    const isRange = characters[index + 1] === '-' && to !== undefined && to !== ']';
    ranges.push([from, isRange ? to : from]);
    index += isRange ? 3 : 1;
  }
  const accepts = (character: string): boolean =>
    ranges.some(([from, to]) => character >= from && character <= to) !== negated;
  return { accepts, end: index };
}
