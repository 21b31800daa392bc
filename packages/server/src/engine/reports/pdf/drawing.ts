import type { Element } from './structure.ts';
import type { Line } from './typesetting.ts';

/** The operators of a page or a form, in points from its top left corner. */
export interface Drawing {
  /** `y` is the base line. */
  readonly line: (line: Line, x: number, y: number) => void;
  readonly rectangle: (x: number, y: number, width: number, height: number, color: string) => void;
  /** A form, by the name that resources give it. */
  readonly form: (name: string, x: number, y: number) => void;
  /** What `draw` draws of text, and all that it draws of a figure, is content of the element; all else is decoration, which nobody is read. */
  readonly inside: (element: Element, draw: () => void) => void;
  /** What was drawn since it was last taken. */
  readonly take: () => string;
}

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
    line: ({ show, style }, x, y) => {
      if (show === '') return;
      mark(inside);
      paint(style.color);
      // The page's y axis points down, so glyphs are turned back.
      operators.push(`BT 1 0 0 -1 ${points(x)} ${points(y)} Tm ${show} ET`);
    },
    rectangle: (x, y, width, height, color) => {
      mark(inside?.tag === 'Figure' ? inside : undefined);
      paint(color);
      operators.push(`${points(x)} ${points(y)} ${points(width)} ${points(height)} re f`);
    },
    form: (name, x, y) => {
      mark(inside);
      operators.push(`q 1 0 0 1 ${points(x)} ${points(y)} cm /${name} Do Q`);
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
