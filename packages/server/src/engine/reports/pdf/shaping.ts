import bidiModule from 'bidi-js';
import type { FontName } from './font-files.ts';
import type { Face, Fonts, ShapedGlyph } from './fonts.ts';

/** Text that takes more than a glyph after another: written from right to left, or with marks over and under letters. */
export const NEEDS_SHAPING = /[\p{M}\u0590-\u08FF\uFB1D-\uFDFF\uFE70-\uFEFF\u{10800}-\u{10FFF}\u{1E800}-\u{1EFFF}]/u;
const MARK = /^\p{M}/u;

// What Node imports is the function itself, which its types name as the module's default.
const bidi = (bidiModule as unknown as typeof bidiModule.default)();

/** What is drawn together: glyphs of one face, in the order of the page. */
interface Drawn {
  readonly face: Face;
  /** What it says, where its glyphs do not say it one by one. Never from right to left: programs turn it round like glyphs. */
  readonly actual: string | undefined;
  readonly glyphs: readonly ShapedGlyph[];
}

/** Text of one face and one level of direction: even from left to right, odd from right to left. */
interface Item {
  readonly face: Face;
  readonly level: number;
  text: string;
}

export interface Paragraph {
  readonly text: string;
  /** Of each UTF-16 unit. */
  readonly levels: Uint8Array;
}

/** The directions of a paragraph, which begins as its first letter does (Unicode Standard Annex 9). */
export const paragraphOf = (text: string): Paragraph => ({ text, levels: bidi.getEmbeddingLevels(text).levels });

/** A part of a paragraph as one line. All its characters are ones that some font has. */
export function shapeLine(
  { text, levels }: Paragraph,
  from: number,
  to: number,
  name: FontName,
  { faceOf }: Pick<Fonts, 'faceOf'>,
): Drawn[] {
  const items: Item[] = [];
  for (let at = from; at < to; ) {
    const codePoint = text.codePointAt(at) ?? 0;
    const character = String.fromCodePoint(codePoint);
    const level = levels[at] ?? 0;
    at += character.length;
    const last = items.at(-1);
    const shown = level % 2 === 1 ? (bidi.getMirroredCharacter(character) ?? character) : character;
    // A mark stands on its letter, and the spaces and signs between words from right to left go with these.
    const joins = last && (MARK.test(character) || (level % 2 === 1 && codePoint < 0x80));
    const face = joins && last.face.has(codePoint) ? last.face : faceOf(name, codePoint);
    if (!face) throw new Error(`No font has U+${codePoint.toString(16)}`);
    if (last?.face === face && last.level === level) last.text += shown;
    else items.push({ face, level, text: shown });
  }
  return inOrder(items).map(({ face, level, text: run }) => ({
    face,
    glyphs: glyphsOf(face, level, run),
    actual: level % 2 === 0 && NEEDS_SHAPING.test(run) ? run : undefined,
  }));
}

function glyphsOf(face: Face, level: number, text: string): readonly ShapedGlyph[] {
  if (level % 2 === 1) return face.shape(text, 'rtl');
  if (NEEDS_SHAPING.test(text)) return face.shape(text, 'ltr');
  return Array.from(text, (character) => {
    const { code, width } = face.glyph(character.codePointAt(0) ?? 0);
    return { code, width, advance: width, x: 0, y: 0 };
  });
}

/** Rule L2: from the highest level down to the lowest odd one, what is at that level or above it is turned round. */
function inOrder(items: readonly Item[]): Item[] {
  const ordered = [...items];
  const levels = items.map(({ level }) => level);
  const lowest = Math.min(...levels.filter((level) => level % 2 === 1), Number.POSITIVE_INFINITY);
  for (let level = Math.max(0, ...levels); level >= lowest; level--) {
    for (let at = 0; at < ordered.length; ) {
      let end = at;
      while ((ordered[end]?.level ?? -1) >= level) end++;
      if (end > at) ordered.splice(at, end - at, ...ordered.slice(at, end).reverse());
      at = end + 1;
    }
  }
  return ordered;
}

export const widthOf = (drawn: readonly Drawn[]): number =>
  drawn.reduce((sum, { glyphs }) => sum + glyphs.reduce((width, { advance }) => width + advance, 0), 0);

/** The operators that show glyphs at a size, from where the pen is. */
export const operatorsOf = (drawn: readonly Drawn[], size: number): string =>
  drawn
    .map(({ face, glyphs, actual }) => {
      const operators = `/${face.label} ${size} Tf ${shown(glyphs, size)}`;
      return actual === undefined ? operators : `/Span <</ActualText <${utf16(actual)}>>> BDC ${operators} EMC`;
    })
    .join(' ');

/** As a text string of PDF, in hexadecimal digits. */
const utf16 = (text: string): string => `FEFF${Buffer.from(text, 'utf16le').swap16().toString('hex').toUpperCase()}`;

function shown(glyphs: readonly ShapedGlyph[], size: number): string {
  const operators: string[] = [];
  let parts = '';
  let codes = '';
  let rise = 0;
  /** How far the pen stands from where the next glyph is to be, in thousandths of an em. */
  let off = 0;
  const move = (): void => {
    const by = Math.round(off);
    off -= by;
    if (by === 0) return;
    parts += `${codes === '' ? '' : `<${codes}>`}${by}`;
    codes = '';
  };
  const flush = (): void => {
    if (codes !== '') parts += `<${codes}>`;
    if (parts !== '') operators.push(`[${parts}] TJ`);
    parts = '';
    codes = '';
  };
  for (const { code, width, advance, x, y } of glyphs) {
    if (y !== rise) {
      flush();
      operators.push(`${Math.round(y * size * 1000) / 1000} Ts`);
      rise = y;
    }
    off -= x * 1000;
    move();
    codes += code;
    off += (width + x - advance) * 1000;
  }
  move();
  flush();
  if (rise !== 0) operators.push('0 Ts');
  return operators.join(' ');
}
