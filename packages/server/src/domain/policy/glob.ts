/**
 * Patterns of policies: `*` stands for any run of characters, none included, `?` for one character, everything else
 * for itself. Matching walks the text once and keeps one place to go back to, so the worst pattern costs the product
 * of both lengths and no more.
 */

/** One character of a pattern: its code point, or one of the wildcards. */
export type Glob = readonly number[];

export const ANY_ONE = -1;
export const ANY_RUN = -2;

/** The glob of a text; without `wildcards` each of its characters stands for itself. */
export function globOf(text: string, wildcards: boolean): number[] {
  return Array.from(text, (character) => {
    if (wildcards && character === '*') return ANY_RUN;
    if (wildcards && character === '?') return ANY_ONE;
    return codePointAt(character, 0);
  });
}

/** True when the whole of `text` matches. */
export function matchesGlob(glob: Glob, text: string): boolean {
  let at = 0;
  let next = 0;
  /** After the last run: where its glob goes on, and where in the text it ends so far. */
  let afterRun = -1;
  let runEnd = 0;
  while (at < text.length) {
    const wanted = glob[next];
    const found = codePointAt(text, at);
    if (wanted === ANY_RUN) {
      next++;
      if (next === glob.length) return true;
      afterRun = next;
      runEnd = at;
    } else if (wanted === ANY_ONE || wanted === found) {
      next++;
      at += width(found);
    } else if (afterRun !== -1) {
      runEnd += width(codePointAt(text, runEnd));
      at = runEnd;
      next = afterRun;
    } else {
      return false;
    }
  }
  while (glob[next] === ANY_RUN) next++;
  return next === glob.length;
}

const codePointAt = (text: string, at: number): number => text.codePointAt(at) ?? 0;
const width = (codePoint: number): number => (codePoint > 0xffff ? 2 : 1);
