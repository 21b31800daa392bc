/** What a style is set in. */
export type FontName = 'regular' | 'bold' | 'mono';

/** A TrueType font with the characters that it is used for. */
export interface FontFile {
  /** Unique among all that are given. */
  readonly name: string;
  /** Whether it may have a character: whoever has its ranges spares a reading. Where it is absent, the font is asked. */
  readonly covers?: (codePoint: number) => boolean;
  /** Of a variable font: the weight that it is used in, 100 to 900. */
  readonly weight?: number;
  readonly read: () => Uint8Array;
}

/** For each name of a font its files: a character is set in the first that has it. */
export type FontFiles = Readonly<Record<FontName, readonly FontFile[]>>;
