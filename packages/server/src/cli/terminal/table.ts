import { printableText } from '@assay/model/safe-text.ts';

export interface Column {
  readonly title: string;
  /** Characters; the last column takes what is left of the width. */
  readonly width?: number;
}

/** Characters of a line: what design and terminals agree on where nothing says otherwise. */
export const lineWidth = (stream: { readonly columns?: number; readonly isTTY?: boolean }): number =>
  Math.max(60, Math.min(stream.isTTY ? stream.columns || 80 : 80, 120));

/**
 * A table whose cells wrap at words, indented by two. `paint` colours a cell's finished line, so that escapes never
 * count as width.
 */
export function renderTable(
  columns: readonly Column[],
  given: readonly (readonly string[])[],
  width: number,
  paint: (text: string, row: number, column: number) => string = (text) => text,
): string {
  const rows = given.map((row) => row.map(cellText));
  const fixed = columns.map((column, index) => column.width ?? longest(columns, rows, index));
  const before = fixed.slice(0, -1).reduce((sum, each) => sum + each + 2, 2);
  const widths = [...fixed.slice(0, -1), Math.max(20, width - before)];
  const lines = [
    layOut(
      columns.map(({ title }) => title),
      widths,
      (text) => text,
    ),
  ];
  for (const [index, row] of rows.entries())
    lines.push(layOut(row, widths, (text, column) => paint(text, index, column)));
  return `${lines.join('\n')}\n`;
}

/** What is hidden has no width, and a tab more than one. */
const cellText = (text: string): string => printableText(text.replaceAll('\t', ' '));

const longest = (columns: readonly Column[], rows: readonly (readonly string[])[], index: number): number =>
  Math.max(columns[index]?.title.length ?? 0, ...rows.map((row) => row[index]?.length ?? 0));

function layOut(
  cells: readonly string[],
  widths: readonly number[],
  paint: (text: string, column: number) => string,
): string {
  const wrapped = cells.map((cell, column) => wrap(cell, widths[column] ?? 20));
  const height = Math.max(...wrapped.map((lines) => lines.length));
  return Array.from({ length: height }, (_, line) =>
    `  ${wrapped
      .map((lines, column) => {
        const text = lines[line] ?? '';
        return paint(text, column) + ' '.repeat(Math.max(0, (widths[column] ?? 0) - text.length));
      })
      .join('  ')}`.trimEnd(),
  ).join('\n');
}

/** Lines of at most `width` characters, broken at spaces; a longer word is cut. Line breaks of the text are kept. */
export function wrap(text: string, width: number): string[] {
  return cellText(text)
    .split('\n')
    .flatMap((paragraph) => {
      const lines: string[] = [];
      let line = '';
      for (const word of paragraph.split(' ')) {
        let rest = word;
        if (line && line.length + 1 + rest.length > width) {
          lines.push(line);
          line = '';
        }
        while (rest.length > width) {
          lines.push(rest.slice(0, width));
          rest = rest.slice(width);
        }
        line = line ? `${line} ${rest}` : rest;
      }
      return [...lines, line];
    });
}
