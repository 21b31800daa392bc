import { create, type Font, type Glyph } from 'fontkit';
import type { FontFile, FontFiles, FontName } from './font-files.ts';
import { glyphOutline } from './glyph-outline.ts';

/** A font as it is embedded: only the glyphs that are drawn, by a number of our own for each glyph and what it stands for. */
export interface Face {
  /** The name that resources give it. */
  readonly label: string;
  readonly has: (codePoint: number) => boolean;
  /** Of one character: its number in the font as four hexadecimal digits, and its width in ems. */
  readonly glyph: (codePoint: number) => { readonly code: string; readonly width: number };
  /** Text of one direction and script as glyphs in the order in which they are drawn. */
  readonly shape: (text: string, direction: 'ltr' | 'rtl') => readonly ShapedGlyph[];
}

/** Lengths in ems. */
export interface ShapedGlyph {
  readonly code: string;
  /** Of the glyph alone, by which the pen moves unless told otherwise. */
  readonly width: number;
  readonly advance: number;
  readonly x: number;
  readonly y: number;
}

export interface Fonts {
  /** The face that a character is set in; undefined where no font has it. */
  readonly faceOf: (name: FontName, codePoint: number) => Face | undefined;
  /** A reference to each face that text was set in, by its label. */
  readonly references: () => Readonly<Record<string, PDFKit.PDFKitReference>>;
  /** Writes the fonts that were used: after the last text. */
  readonly end: () => void;
}

interface MutableFace extends Face {
  readonly end: () => void;
  readonly reference: PDFKit.PDFKitReference;
}

/** Opens a file when a character needs it. Each is embedded once, however many names use it. */
export function createFonts(document: PDFKit.PDFDocument, files: FontFiles): Fonts {
  const opened = new Map<string, MutableFace>();
  const open = (file: FontFile): MutableFace => {
    const known = opened.get(file.name);
    if (known) return known;
    const face = createFace(document, file, opened.size + 1);
    opened.set(file.name, face);
    return face;
  };
  const faces = new Map<string, Face | undefined>();
  return {
    faceOf: (name, codePoint) => {
      const key = `${name} ${codePoint}`;
      if (faces.has(key)) return faces.get(key);
      const file = files[name].find((each) => (each.covers?.(codePoint) ?? true) && open(each).has(codePoint));
      const face = file && open(file);
      faces.set(key, face);
      return face;
    },
    references: () => Object.fromEntries([...opened.values()].map(({ label, reference }) => [label, reference])),
    end: () => {
      for (const face of opened.values()) face.end();
    },
  };
}

const ZERO_WIDTH_SPACE = 0x200b;

const hex = (value: number): string => value.toString(16).toUpperCase().padStart(4, '0');

const isBlank = ({ advanceWidth, path }: Glyph): boolean => advanceWidth === 0 && path.commands.length === 0;

/** A composite font with numbers of two bytes: ISO 32000-1, 9.7. */
function createFace(document: PDFKit.PDFDocument, file: FontFile, number: number): MutableFace {
  const font = opened(file);
  const ems = 1 / font.unitsPerEm;
  const subset = font.createSubset() as unknown as {
    includeGlyph: (id: number) => number;
    encode: () => Uint8Array;
    glyphEncoder: { encodeSimple: typeof glyphOutline };
  };
  // Its own encoder of varied outlines does not work with the version of its library that it comes with.
  if (file.weight !== undefined) subset.glyphEncoder = { encodeSimple: glyphOutline };
  /** By number: where it is in the embedded font, how wide it is, and what it stands for. */
  const used: { readonly id: number; readonly width: number; readonly text: string }[] = [
    { id: 0, width: font.getGlyph(0).advanceWidth * ems, text: '' },
  ];
  const numbers = new Map<string, string>();
  const codeOf = (glyph: Glyph, text: string): string => {
    const key = `${glyph.id} ${text}`;
    const known = numbers.get(key);
    if (known) return known;
    const code = hex(used.length);
    used.push({ id: subset.includeGlyph(glyph.id), width: glyph.advanceWidth * ems, text });
    numbers.set(key, code);
    return code;
  };
  const characters = new Map<number, { code: string; width: number }>();
  const reference = document.ref({});
  const blank = font.glyphForCodePoint(ZERO_WIDTH_SPACE);
  return {
    label: `F${number}`,
    reference,
    has: (codePoint) => font.hasGlyphForCodePoint(codePoint),
    glyph: (codePoint) => {
      const known = characters.get(codePoint);
      if (known) return known;
      const glyph = font.glyphForCodePoint(codePoint);
      const made = { code: codeOf(glyph, String.fromCodePoint(codePoint)), width: glyph.advanceWidth * ems };
      characters.set(codePoint, made);
      return made;
    },
    shape: (text, direction) => {
      const { glyphs, positions } = font.layout(text, undefined, undefined, undefined, direction);
      return glyphs.flatMap((glyph, at): ShapedGlyph[] => {
        const { xAdvance = 0, xOffset = 0, yOffset = 0 } = positions[at] ?? {};
        const shaped = (text: string): ShapedGlyph => ({
          code: codeOf(glyph, text),
          width: glyph.advanceWidth * ems,
          advance: xAdvance * ems,
          x: xOffset * ems,
          y: yOffset * ems,
        });
        const letters = glyph.codePoints.map((codePoint) => String.fromCodePoint(codePoint));
        if (direction === 'ltr' || letters.length < 2 || !isBlank(blank)) return [shaped(letters.join(''))];
        // Programs read glyphs from right to left, and the letters of one glyph not: it stands for the last, and a blank
        // one for each of the others.
        const [last = '', ...others] = letters.toReversed();
        return [
          shaped(last),
          ...others.map((letter) => ({ code: codeOf(blank, letter), width: 0, advance: 0, x: 0, y: 0 })),
        ];
      });
    },
    end: () => {
      const name = `${subsetTag(number)}+${(file.weight === undefined ? font.postscriptName : file.name).replace(/[^\w-]/g, '')}`;
      const thousandths = (ofEm: number): number => Math.round(ofEm * ems * 1000);
      const { bbox } = font;
      const fixed = (font as unknown as { readonly post: { readonly isFixedPitch: unknown } }).post.isFixedPitch;
      const descriptor = write(document, {
        Type: 'FontDescriptor',
        FontName: name,
        // Symbolic: what its glyphs are is told by their numbers alone.
        Flags: 4 + (fixed ? 1 : 0),
        FontBBox: [bbox.minX, bbox.minY, bbox.maxX, bbox.maxY].map(thousandths),
        ItalicAngle: 0,
        Ascent: thousandths(font.ascent),
        Descent: thousandths(font.descent),
        CapHeight: thousandths(font.capHeight || font.ascent),
        StemV: 80,
        FontFile2: write(document, {}, subset.encode()),
      });
      const descendant = write(document, {
        Type: 'Font',
        Subtype: 'CIDFontType2',
        BaseFont: name,
        CIDSystemInfo: { Registry: new String('Adobe'), Ordering: new String('Identity'), Supplement: 0 },
        FontDescriptor: descriptor,
        DW: 1000,
        W: [0, used.map(({ width }) => Math.round(width * 1_000_000) / 1000)],
        CIDToGIDMap: write(document, {}, Buffer.from(used.map(({ id }) => hex(id)).join(''), 'hex')),
      });
      Object.assign(reference.data, {
        Type: 'Font',
        Subtype: 'Type0',
        BaseFont: name,
        Encoding: 'Identity-H',
        DescendantFonts: [descendant],
        ToUnicode: write(document, {}, Buffer.from(toUnicode(used.map(({ text }) => text)))),
      });
      reference.end('');
    },
  };
}

function opened({ read, weight, name }: FontFile): Font {
  const font = create(read() as Buffer);
  if (!('glyphForCodePoint' in font)) throw new Error(`${name} is a collection of fonts`);
  return weight === undefined ? font : font.getVariation({ wght: weight });
}

function write(document: PDFKit.PDFDocument, data: Record<string, unknown>, content?: Uint8Array) {
  const reference = document.ref(data);
  if (content) reference.write(content);
  reference.end('');
  return reference;
}

/** Six letters, which say that a font is a subset. */
const subsetTag = (number: number): string =>
  String(number)
    .padStart(6, '0')
    .replace(/\d/g, (digit) => String.fromCharCode(65 + Number(digit)));

/** What each number stands for, so that text can be copied, searched and read out: ISO 32000-1, 9.10.3. */
function toUnicode(texts: readonly string[]): string {
  const entries = texts.flatMap((text, number) => {
    if (text === '') return [];
    const units = Array.from({ length: text.length }, (_, at) => hex(text.charCodeAt(at)));
    return [`<${hex(number)}> <${units.join('')}>`];
  });
  const blocks: string[] = [];
  // A block has a hundred entries at most.
  for (let at = 0; at < entries.length; at += 100) {
    const block = entries.slice(at, at + 100);
    blocks.push(`${block.length} beginbfchar\n${block.join('\n')}\nendbfchar`);
  }
  return `/CIDInit /ProcSet findresource begin
12 dict begin
begincmap
/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def
/CMapName /Adobe-Identity-UCS def
/CMapType 2 def
1 begincodespacerange
<0000> <FFFF>
endcodespacerange
${blocks.join('\n')}
endcmap
CMapName currentdict /CMap defineresource pop
end
end
`;
}
