import type { Element } from './structure.ts';
import type { FontName, Line } from './typesetting.ts';

/** The operators of a page or a form, in points from its top left corner. */
export interface Drawing {
  /** `y` is the base line. */
  readonly line: (line: Line, x: number, y: number) => void;
  readonly rectangle: (x: number, y: number, width: number, height: number, color: string) => void;
  /** What `draw` draws of text is content of the element; all else is decoration, which nobody is read. */
  readonly inside: (element: Element, draw: () => void) => void;
  /** What was drawn since it was last taken. */
  readonly take: () => string;
}

/** The names that resources give the fonts. */
export const fontLabels: Readonly<Record<FontName, string>> = { regular: 'R', bold: 'B', mono: 'M' };

/** `begin` gives the operator that begins an element's content; where it is absent, as in a form, nothing is marked. */
export function createDrawing(begin?: (element: Element) => string): Drawing {
  let operators: string[] = [];
  let fill = '';
  let inside: Element | undefined;
  let marked: Element | 'decoration' | undefined;
  const mark = (element: Element | undefined): void => {
    const wanted = element ?? 'decoration';
    if (!begin || marked === wanted) return;
    if (marked) operators.push('EMC');
    operators.push(element ? begin(element) : '/Artifact BMC');
    marked = wanted;
  };
  const paint = (color: string): void => {
    if (color === fill) return;
    operators.push(`${color} rg`);
    fill = color;
  };
  return {
    line: ({ text, style }, x, y) => {
      if (text === '') return;
      mark(inside);
      paint(style.color);
      // A space, so that what is read out or copied does not join lines. The page's y axis points down, so glyphs are turned back.
      operators.push(
        `BT /${fontLabels[style.font]} ${style.size} Tf 1 0 0 -1 ${points(x)} ${points(y)} Tm (${text.replace(/[\\()]/g, '\\$&')}${inside ? ' ' : ''}) Tj ET`,
      );
    },
    rectangle: (x, y, width, height, color) => {
      mark(undefined);
      paint(color);
      operators.push(`${points(x)} ${points(y)} ${points(width)} ${points(height)} re f`);
    },
    inside: (element, draw) => {
      const outer = inside;
      inside = element;
      draw();
      inside = outer;
    },
    take: () => {
      if (marked) operators.push('EMC');
      marked = undefined;
      const text = operators.join('\n');
      operators = [];
      fill = '';
      return text;
    },
  };
}

const points = (value: number): number => Math.round(value * 100) / 100;
