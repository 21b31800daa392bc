import { encode, winAnsi } from './encode.ts';
import type { Tag } from './structure.ts';

/** Three of the fonts that every PDF reader has: none is embedded. */
export const fonts = { regular: 'Helvetica', bold: 'Helvetica-Bold', mono: 'Courier' } as const;
export type FontName = keyof typeof fonts;

export interface Style {
  readonly font: FontName;
  /** Points. */
  readonly size: number;
  /** From one base line to the next, points. */
  readonly leading: number;
  /** `r g b`, each 0 to 1. */
  readonly color: string;
  /** What a paragraph of it is; `P` where it is absent. */
  readonly tag?: Tag;
}

/** One line: encoded, and not wider than it was asked to be. */
export interface Line {
  readonly text: string;
  readonly style: Style;
}

export interface Typesetting {
  /** The width of encoded text, in points. */
  readonly width: (encoded: string, style: Style) => number;
  /** Text in lines of at most `width` points: broken at spaces, and in a word where it is wider than a line. */
  readonly wrap: (text: string, style: Style, width: number) => Line[];
  /** One line; what does not fit ends in an ellipsis. */
  readonly fit: (text: string, style: Style, width: number) => Line;
}

/** Characters of wrapped texts that are kept: the same rule says the same on every host. */
const REMEMBERED = 4_000_000;
const ELLIPSIS = winAnsi.get('…') ?? '...';

/** `widthOf` gives a character's width at a size of 1,000 points. */
export function createTypesetting(widthOf: (font: string, character: string) => number): Typesetting {
  const tables = Object.fromEntries(
    Object.entries(fonts).map(([name, font]) => {
      const table = new Float64Array(256);
      for (let code = 0x20; code < 0x7f; code++) table[code] = widthOf(font, String.fromCharCode(code)) / 1000;
      for (const [character, byte] of winAnsi) table[byte.charCodeAt(0)] = widthOf(font, character) / 1000;
      return [name, table];
    }),
  ) as Record<FontName, Float64Array>;
  const measure = (text: string, table: Float64Array, from: number, to: number): number => {
    let sum = 0;
    for (let at = from; at < to; at++) sum += table[text.charCodeAt(at)] ?? 0;
    return sum;
  };

  const remembered = new Map<string, Line[]>();
  let kept = 0;
  const wrapFresh = (text: string, style: Style, width: number): Line[] => {
    const table = tables[style.font];
    const room = width / style.size;
    const space = table[0x20] ?? 0;
    const lines: Line[] = [];
    for (const paragraph of encode(text).split('\n')) {
      let line = '';
      let used = 0;
      const end = (): void => {
        lines.push({ text: line, style });
        line = '';
        used = 0;
      };
      for (const word of paragraph.split(' ')) {
        const wide = measure(word, table, 0, word.length);
        const gap = line === '' ? 0 : space;
        if (used + gap + wide <= room) {
          line += gap === 0 ? word : ` ${word}`;
          used += gap + wide;
          continue;
        }
        if (line !== '') end();
        let rest = word;
        for (let wider = wide; wider > room && rest.length > 1; wider = measure(rest, table, 0, rest.length)) {
          const cut = fitting(rest, table, room);
          lines.push({ text: rest.slice(0, cut), style });
          rest = rest.slice(cut);
        }
        line = rest;
        used = measure(rest, table, 0, rest.length);
      }
      end();
    }
    return lines;
  };
  /** How many characters fit: at least one, whatever the room. */
  const fitting = (text: string, table: Float64Array, room: number): number => {
    let used = 0;
    for (let at = 0; at < text.length; at++) {
      used += table[text.charCodeAt(at)] ?? 0;
      if (used > room) return Math.max(1, at);
    }
    return text.length;
  };

  return {
    width: (encoded, { font, size }) => measure(encoded, tables[font], 0, encoded.length) * size,
    wrap: (text, style, width) => {
      const key = `${style.font} ${style.size} ${style.color} ${width} ${text}`;
      const known = remembered.get(key);
      if (known) return known;
      const lines = wrapFresh(text, style, width);
      if (kept > REMEMBERED) {
        remembered.clear();
        kept = 0;
      }
      // What a line costs beside its text.
      kept += text.length + 50 * lines.length;
      remembered.set(key, lines);
      return lines;
    },
    fit: (text, style, width) => {
      const table = tables[style.font];
      const encoded = encode(text).replaceAll('\n', ' ');
      const room = width / style.size;
      if (measure(encoded, table, 0, encoded.length) <= room) return { text: encoded, style };
      const cut = fitting(encoded, table, room - measure(ELLIPSIS, table, 0, ELLIPSIS.length));
      return { text: encoded.slice(0, cut) + ELLIPSIS, style };
    },
  };
}
