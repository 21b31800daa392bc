import { variableMarks } from '../domain/benchmarks.ts';

/** Gathers the text of one element with XHTML in it, as lines for people. */
export interface PlainText {
  readonly start: () => void;
  readonly open: (name: string, attributes: Readonly<Record<string, string | undefined>>) => void;
  readonly close: (name: string) => void;
  readonly append: (text: string) => void;
  /** Words flow, except in preformatted parts. */
  readonly plain: () => string;
  /** As it is written: a script. */
  readonly raw: () => string;
}

const [before, after] = variableMarks;
/** Elements that begin and end on a line of their own. */
const BLOCKS = ['p', 'pre', 'ul', 'ol', 'div', 'table', 'tr', 'h1', 'h2', 'h3', 'blockquote'];

/** `max`: characters that are kept of one text; the rest is cut with an ellipsis. */
export function createPlainText(max: number): PlainText {
  let parts: string[] = [];
  let length = 0;
  let preformatted = 0;
  const put = (text: string): void => {
    if (length >= max) return;
    const taken = length + text.length > max ? `${text.slice(0, max - length)}…` : text;
    length += taken.length;
    parts.push(taken);
  };
  return {
    start: () => {
      parts = [];
      length = 0;
      preformatted = 0;
    },
    open: (name, { idref }) => {
      if (name === 'sub') put(`${before}${(idref ?? '').slice(0, 512)}${after}`);
      else if (name === 'br') put(BREAK);
      else if (name === 'li') put(`${BREAK}- `);
      else if (BLOCKS.includes(name)) put(BREAK);
      if (name === 'pre') preformatted++;
    },
    close: (name) => {
      if (name === 'pre') preformatted = Math.max(0, preformatted - 1);
      if (BLOCKS.includes(name)) put(BREAK);
    },
    append: (text) => {
      const safe = text.replaceAll(HIDDEN, '');
      put(preformatted > 0 ? safe.replaceAll('\n', BREAK) : safe);
    },
    plain: () =>
      parts
        .join('')
        .split(BREAK)
        .map((line) => line.replaceAll(/\s+/g, ' ').trim())
        .join('\n')
        .replaceAll(/\n{3,}/g, '\n\n')
        .trim(),
    raw: () => parts.join('').replaceAll(BREAK, '\n').trim(),
  };
}

/** A line's end that was meant, while the text is gathered. */
const BREAK = '\u0001';
/** What no text for people has. */
const HIDDEN = /(?![\n\t])\p{Cc}/gu;
