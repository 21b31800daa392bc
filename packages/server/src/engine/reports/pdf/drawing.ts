import type { FontName, Line } from './typesetting.ts';

/** The operators of a page or a form, in points from its top left corner. */
export interface Drawing {
  /** `y` is the base line. */
  readonly line: (line: Line, x: number, y: number) => void;
  readonly rectangle: (x: number, y: number, width: number, height: number, color: string) => void;
  /** What was drawn since it was last taken. */
  readonly take: () => string;
}

/** The names that resources give the fonts. */
export const fontLabels: Readonly<Record<FontName, string>> = { regular: 'R', bold: 'B', mono: 'M' };

export function createDrawing(): Drawing {
  let operators: string[] = [];
  let fill = '';
  const paint = (color: string): void => {
    if (color === fill) return;
    operators.push(`${color} rg`);
    fill = color;
  };
  return {
    line: ({ text, style }, x, y) => {
      if (text === '') return;
      paint(style.color);
      // The page's y axis points down, so glyphs are turned back.
      operators.push(
        `BT /${fontLabels[style.font]} ${style.size} Tf 1 0 0 -1 ${points(x)} ${points(y)} Tm (${text.replace(/[\\()]/g, '\\$&')}) Tj ET`,
      );
    },
    rectangle: (x, y, width, height, color) => {
      paint(color);
      operators.push(`${points(x)} ${points(y)} ${points(width)} ${points(height)} re f`);
    },
    take: () => {
      const text = operators.join('\n');
      operators = [];
      fill = '';
      return text;
    },
  };
}

const points = (value: number): number => Math.round(value * 100) / 100;
