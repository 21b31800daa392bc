/** One line of a PAM configuration file, cut as libpam cuts it. */
export interface PamLine {
  /** Where its text begins, from 1. */
  readonly number: number;
  readonly text: string;
  /** Lower case, or `@include`. */
  readonly type: string;
  /** A word, or all that stands between brackets. */
  readonly control: string;
  readonly words: readonly string[];
}

/** The lines of a file: continued ones joined, comments gone, `-` before a type taken off. */
export function* pamLines(content: string): Generator<PamLine> {
  let pending = '';
  let begun = 0;
  for (const [index, raw] of content.split('\n').entries()) {
    const hash = raw.indexOf('#');
    const text = (hash < 0 ? raw : raw.slice(0, hash)).trimEnd();
    if (pending === '') begun = index + 1;
    if (hash < 0 && text.endsWith('\\') && pending.length < maxLine) {
      pending += `${text.slice(0, -1)} `;
      continue;
    }
    const words = splitWords((pending + text).slice(0, maxLine));
    pending = '';
    const type = words[0]?.replace(/^-/, '').toLowerCase();
    if (type === undefined) continue;
    const included = type === '@include';
    const control = included ? '' : (words[1] ?? '');
    yield { number: begun, text: words.join(' '), type, control, words: words.slice(included ? 1 : 2) };
  }
}

const maxLine = 16_384;

/** Words between blanks; `[…]` is one word, in which `\]` stands for `]`. The control keeps its brackets. */
function splitWords(text: string): string[] {
  const words = text.match(/\[(?:\\.|[^\]\\])*\]?|[^\s[]\S*/g) ?? [];
  return words.map((word, index) =>
    word.startsWith('[') && index !== 1 ? word.slice(1).replace(/\]$/, '').replaceAll('\\]', ']') : word,
  );
}
