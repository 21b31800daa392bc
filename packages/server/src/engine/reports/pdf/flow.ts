import { type Paper, page } from './paper.ts';
import type { Element, Tag } from './structure.ts';
import type { Line, Style } from './typesetting.ts';

export interface Column {
  readonly title: string;
  readonly x: number;
  readonly width: number;
  readonly right?: boolean;
  /** Its cells are the heads of their rows. */
  readonly header?: true;
}

/** Text and tables down the page, and on to the next where one is full. */
export interface Flow {
  readonly paper: Paper;
  /** The top of what comes next. */
  y: number;
  /** Begins a new page unless so many points are left on this one. */
  readonly need: (height: number) => void;
  readonly space: (height: number) => void;
  readonly paragraph: (text: string, style: Style, options?: { readonly x?: number; readonly width?: number }) => void;
  /** Lines over each other. A block that does not fit on a page is broken between lines. */
  readonly lines: (lines: readonly Line[], x: number) => void;
  /** Draws what is one thing for readers that cannot see it. */
  readonly tagged: (tag: Tag, draw: () => void) => void;
  /** Draws a figure of that height from `y` on, kept on one page, with what it shows in words. */
  readonly figure: (alternative: string, height: number, draw: () => void) => void;
  /** Nothing follows: what is open of the structure is closed. */
  readonly end: () => void;
  /** The columns' titles; rows repeat them on each page until the next call. */
  readonly head: (columns: readonly Column[]) => void;
  /** Calls this once, where the next row begins: on which page is known only then. */
  readonly beforeRow: (call: () => void) => void;
  /** A row is kept on one page wherever it fits on one, unless it is breakable and has begun to fill this one. */
  readonly row: (cells: readonly (readonly Line[])[], options?: { readonly breakable?: boolean }) => void;
}

const PADDING = 3.5;
const RULE = '0.851 0.871 0.902';
const HEAD = '0.949 0.957 0.969';
const headStyle: Style = { font: 'bold', size: 7.5, leading: 10, color: '0.353 0.396 0.459' };
/** A row that needs more than a page begins on this one only if it has this much left, in points. */
const WORTH = 80;

export function createFlow(paper: Paper): Flow {
  const { drawing, typesetting, structure } = paper;
  let table: Element | undefined;
  const endTable = (): void => {
    if (table) structure.close(table);
    table = undefined;
  };
  let columns: readonly Column[] = [];

  const startPage = (): void => {
    paper.newPage();
    flow.y = page.top;
  };
  /** Where a table goes on to another page, its head is drawn again, and is no part of it. */
  const drawHead = (of?: Element): void => {
    if (columns.every(({ title }) => title === '')) return;
    drawing.rectangle(page.left, flow.y, page.right - page.left, 15, HEAD);
    const row = of && structure.open('TR', { parent: of });
    for (const column of columns) {
      const draw = (): void => cell([typesetting.fit(column.title, headStyle, column.width)], column, flow.y + 2.5);
      if (!row) draw();
      else {
        const head = structure.open(column.title === '' ? 'TD' : 'TH', {
          parent: row,
          ...(column.title !== '' && { scope: 'Column' }),
        });
        drawing.inside(head, draw);
        structure.close(head);
      }
    }
    if (row) structure.close(row);
    flow.y += 15;
  };
  const cell = (lines: readonly Line[], { x, width, right = false }: Column, top: number): void => {
    let y = top;
    for (const line of lines) {
      const { leading, size } = line.style;
      const from = right ? x + width - line.width : x;
      drawing.line(line, from, y + (leading + size * 0.7) / 2);
      y += leading;
    }
  };
  const ruled = (height: number): void => {
    flow.y += height;
    drawing.rectangle(page.left, flow.y - 0.4, page.right - page.left, 0.4, RULE);
  };

  let first: (() => void) | undefined;
  const begun = (): void => {
    first?.();
    first = undefined;
  };

  const flow: Flow = {
    paper,
    y: page.top,
    need: (height) => {
      if (flow.y + height > page.bottom) startPage();
    },
    space: (height) => {
      flow.y += height;
    },
    paragraph: (text, style, { x = page.left, width = page.right - x } = {}) => {
      flow.lines(typesetting.wrap(text, style, width), x);
    },
    lines: (lines, x) => {
      endTable();
      const element = structure.open(lines[0]?.style.tag ?? 'P');
      for (const line of lines) {
        flow.need(line.style.leading);
        drawing.inside(element, () => cell([line], { title: '', x, width: 0 }, flow.y));
        flow.y += line.style.leading;
      }
      structure.close(element);
    },
    tagged: (tag, draw) => {
      endTable();
      const element = structure.open(tag);
      drawing.inside(element, draw);
      structure.close(element);
    },
    figure: (alternative, height, draw) => {
      endTable();
      flow.need(height);
      const box = [page.left, page.height - flow.y - height, page.right, page.height - flow.y] as const;
      const element = structure.open('Figure', { alternative, box });
      drawing.inside(element, draw);
      structure.close(element);
      flow.y += height;
    },
    end: endTable,
    head: (next) => {
      endTable();
      columns = next;
      flow.need(60);
      table = structure.open('Table');
      drawHead(table);
    },
    beforeRow: (call) => {
      first = call;
    },
    row: (cells, { breakable = false } = {}) => {
      const height = 2 * PADDING + Math.max(0, ...cells.map(heightOf));
      const fits = (): boolean => flow.y + height <= page.bottom;
      const whole = height <= page.bottom - page.top - 15 && (fits() || !breakable);
      if (!fits() && (whole || page.bottom - flow.y < WORTH)) {
        startPage();
        drawHead();
      }
      begun();
      const row = structure.open('TR', table && { parent: table });
      const elements = columns.map(({ header }) =>
        structure.open(header ? 'TH' : 'TD', { parent: row, ...(header && { scope: 'Row' }) }),
      );
      const drawCells = (parts: readonly (readonly Line[])[]): void => {
        for (const [at, column] of columns.entries()) {
          const [element, lines = []] = [elements[at], parts[at]];
          if (element) drawing.inside(element, () => cell(lines, column, flow.y + PADDING));
        }
      };
      const endRow = (): void => {
        for (const element of elements) structure.close(element);
        structure.close(row);
      };
      let left = cells;
      while (!whole && !left.every((lines) => lines.length === 0)) {
        const room = page.bottom - flow.y - 2 * PADDING;
        const taken = left.map((lines) => linesWithin(lines, room));
        const part = left.map((lines, at) => lines.slice(0, taken[at]));
        left = left.map((lines, at) => lines.slice(taken[at]));
        drawCells(part);
        ruled(2 * PADDING + Math.max(0, ...part.map(heightOf)));
        if (left.every((lines) => lines.length === 0)) return endRow();
        startPage();
        drawHead();
      }
      drawCells(left);
      endRow();
      ruled(height);
    },
  };
  return flow;
}

const heightOf = (lines: readonly Line[]): number => lines.reduce((sum, { style }) => sum + style.leading, 0);

/** How many of the lines fit: at least one, so that every page gets on. */
function linesWithin(lines: readonly Line[], room: number): number {
  let used = 0;
  for (const [at, { style }] of lines.entries()) {
    used += style.leading;
    if (used > room) return Math.max(1, at);
  }
  return lines.length;
}
