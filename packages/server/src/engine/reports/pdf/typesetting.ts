import { showable } from './encode.ts';
import type { FontName } from './font-files.ts';
import type { Fonts } from './fonts.ts';
import { NEEDS_SHAPING, operatorsOf, type Paragraph, paragraphOf, shapeLine, widthOf } from './shaping.ts';
import type { Tag } from './structure.ts';

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

/** One line, not wider than it was asked to be. */
export interface Line {
  /** What it says. */
  readonly text: string;
  /** Points. */
  readonly width: number;
  readonly style: Style;
  /** The operators that show it, and a space: what is read out or copied does not join lines. */
  readonly show: string;
}

export interface Typesetting {
  /** Text in lines of at most `width` points: broken at spaces and between ideographs, and in a word that is wider than a line. */
  readonly wrap: (text: string, style: Style, width: number) => Line[];
  /** One line; what does not fit ends in an ellipsis. */
  readonly fit: (text: string, style: Style, width?: number) => Line;
  /** How often each character was written as its code point because no font has it, the most frequent first. */
  readonly missing: () => readonly (readonly [codePoint: number, count: number])[];
}

/** Characters of lines that are kept: the same rule says the same on every host. */
const REMEMBERED = 8_000_000;
/** Characters of a word that are shaped at once: no line holds more. */
const LONGEST = 400;
const ELLIPSIS = '…';
/** Lines of these may end after any, unless what follows must not begin a line. */
const IDEOGRAPHS = /[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\u3000-\u303F\uFF00-\uFFEF]/u;
const NEVER_FIRST = /^[\p{Pe}\p{Pf}\p{M}、。，．：；？！ー々ぁぃぅぇぉっゃゅょァィゥェォッャュョ]/u;
const NEVER_LAST = /[\p{Ps}\p{Pi}]$/u;
const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** A part of a paragraph that is not broken unless it is wider than a line. */
interface Unit {
  readonly from: number;
  readonly to: number;
  /** A space stands before it, which a line does not begin with. */
  readonly spaced: boolean;
}

export function createTypesetting(fonts: Pick<Fonts, 'faceOf'>): Typesetting {
  const absent = new Map<number, number>();
  const prepare = (text: string, font: FontName): string =>
    showable(text, (codePoint) => {
      if (fonts.faceOf(font, codePoint)) return true;
      absent.set(codePoint, (absent.get(codePoint) ?? 0) + 1);
      return false;
    });
  const glyphs = new Map<FontName, ReturnType<typeof glyphTable>>();
  const glyphsOf = (font: FontName) => {
    const table = glyphs.get(font) ?? glyphTable(font, fonts);
    glyphs.set(font, table);
    return table;
  };
  /** The width of a part of a paragraph in ems. */
  const measure = ({ text, levels }: Setting, from: number, to: number, font: FontName): number => {
    if (levels) {
      return to - from > LONGEST
        ? Number.POSITIVE_INFINITY
        : widthOf(shapeLine({ text, levels }, from, to, font, fonts));
    }
    return glyphsOf(font).width(text, from, to);
  };
  const lineOf = ({ text, levels }: Setting, from: number, to: number, style: Style): Line => {
    const { font, size } = style;
    const part = text.slice(from, to);
    if (part === '') return { text: part, width: 0, style, show: '' };
    const space = glyphsOf(font).show(' ', size);
    if (!levels) {
      const show = glyphsOf(font).show(`${part} `, size);
      return { text: part, width: glyphsOf(font).width(part, 0, part.length) * size, style, show };
    }
    const drawn = shapeLine({ text, levels }, from, to, font, fonts);
    return { text: part, width: widthOf(drawn) * size, style, show: `${operatorsOf(drawn, size)} ${space}` };
  };
  /** The end of as much of a part as fits, at least a character. */
  const cut = (setting: Setting, from: number, to: number, font: FontName, room: number): number => {
    const ends: number[] = [];
    for (const { index, segment } of graphemes.segment(setting.text.slice(from, Math.min(to, from + LONGEST)))) {
      ends.push(from + index + segment.length);
    }
    let [least, most] = [0, ends.length - 1];
    while (least < most) {
      const middle = Math.ceil((least + most) / 2);
      if (measure(setting, from, ends[middle] ?? to, font) <= room) least = middle;
      else most = middle - 1;
    }
    return ends[least] ?? to;
  };
  const wrapFresh = (given: string, style: Style, width: number): Line[] => {
    const { font } = style;
    const room = width / style.size;
    const space = glyphsOf(font).width(' ', 0, 1);
    return prepare(given, font)
      .split('\n')
      .flatMap((text) => {
        const setting = settingOf(text);
        const lines: Line[] = [];
        let [begin, end, used] = [0, 0, 0];
        for (const { from, to, spaced } of unitsOf(text)) {
          const wide = measure(setting, from, to, font);
          const gap = spaced && begin < end ? space : 0;
          if (used + gap + wide <= room) {
            if (begin === end) begin = from;
            end = to;
            used += gap + wide;
            continue;
          }
          if (begin < end) lines.push(lineOf(setting, begin, end, style));
          begin = from;
          end = to;
          used = wide;
          while (used > room) {
            const fits = cut(setting, begin, to, font, room);
            if (fits >= to) break;
            lines.push(lineOf(setting, begin, fits, style));
            begin = fits;
            used = measure(setting, begin, to, font);
          }
        }
        lines.push(lineOf(setting, begin, end, style));
        return lines;
      });
  };

  const remembered = new Map<string, Line[]>();
  let kept = 0;
  return {
    wrap: (text, style, width) => {
      const key = `${style.font} ${style.size} ${style.color} ${width} ${text}`;
      const known = remembered.get(key);
      if (known) return known;
      const lines = wrapFresh(text, style, width);
      if (kept > REMEMBERED) {
        remembered.clear();
        kept = 0;
      }
      // Beside its text and operators a line costs about this.
      kept += key.length + lines.reduce((sum, { show }) => sum + show.length + 100, 0);
      remembered.set(key, lines);
      return lines;
    },
    fit: (given, style, width = Number.POSITIVE_INFINITY) => {
      const { font } = style;
      const setting = settingOf(prepare(given, font).replaceAll('\n', ' '));
      const { text } = setting;
      const room = width / style.size;
      if (text.length <= LONGEST || !setting.levels) {
        if (measure(setting, 0, text.length, font) <= room) return lineOf(setting, 0, text.length, style);
      }
      const less = room - glyphsOf(font).width(ELLIPSIS, 0, 1);
      const short = settingOf(text.slice(0, cut(setting, 0, text.length, font, less)) + ELLIPSIS);
      return lineOf(short, 0, short.text.length, style);
    },
    missing: () => [...absent].sort(([a, often], [b, oftener]) => oftener - often || a - b),
  };
}

/** A paragraph; it has levels only where it needs to be shaped. */
interface Setting extends Omit<Paragraph, 'levels'> {
  readonly levels?: Uint8Array | undefined;
}

const settingOf = (text: string): Setting => (NEEDS_SHAPING.test(text) ? paragraphOf(text) : { text });

/** Plain text's glyphs, one a character. */
function glyphTable(font: FontName, { faceOf }: Pick<Fonts, 'faceOf'>) {
  const known: ({ label: string; code: string; width: number } | undefined)[] = [];
  const others = new Map<number, { label: string; code: string; width: number }>();
  const of = (codePoint: number) => {
    const before = codePoint < 256 ? known[codePoint] : others.get(codePoint);
    if (before) return before;
    const face = faceOf(font, codePoint);
    if (!face) throw new Error(`No font has U+${codePoint.toString(16)}`);
    const made = { label: face.label, ...face.glyph(codePoint) };
    if (codePoint < 256) known[codePoint] = made;
    else others.set(codePoint, made);
    return made;
  };
  return {
    /** Ems. */
    width: (text: string, from: number, to: number): number => {
      let sum = 0;
      for (let at = from; at < to; at++) {
        const codePoint = text.codePointAt(at) ?? 0;
        if (codePoint > 0xffff) at++;
        sum += of(codePoint).width;
      }
      return sum;
    },
    show: (text: string, size: number): string => {
      let label = '';
      let operators = '';
      for (let at = 0; at < text.length; at++) {
        const codePoint = text.codePointAt(at) ?? 0;
        if (codePoint > 0xffff) at++;
        const glyph = of(codePoint);
        if (glyph.label !== label) {
          operators += `${label === '' ? '' : '> Tj '}/${glyph.label} ${size} Tf <`;
          label = glyph.label;
        }
        operators += glyph.code;
      }
      return `${operators}> Tj`;
    },
  };
}

function unitsOf(text: string): Unit[] {
  const units: Unit[] = [];
  let from = 0;
  for (const word of text.split(' ')) {
    const pieces = IDEOGRAPHS.test(word) ? piecesOf(word) : [word];
    let begin = from;
    for (const [at, piece] of pieces.entries()) {
      units.push({ from: begin, to: begin + piece.length, spaced: at === 0 && from > 0 });
      begin += piece.length;
    }
    from += word.length + 1;
  }
  return units;
}

/** A word of ideographs may be broken between any two, and before and after them. */
function piecesOf(word: string): string[] {
  const pieces: string[] = [];
  let before = false;
  for (const { segment } of graphemes.segment(word)) {
    const ideograph = IDEOGRAPHS.test(segment);
    const last = pieces.at(-1);
    const joined = last !== undefined && (!(ideograph || before) || NEVER_FIRST.test(segment) || NEVER_LAST.test(last));
    if (joined) pieces[pieces.length - 1] += segment;
    else pieces.push(segment);
    before = ideograph;
  }
  return pieces;
}
