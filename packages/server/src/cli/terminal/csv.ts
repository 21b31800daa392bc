/** What a cell of a table holds. */
export type Cell = string | number | boolean | null;

/**
 * Rows as CSV (RFC 4180), the names first. A spreadsheet takes text that begins like a formula for one, wherever it came
 * from: an apostrophe before it makes it text.
 */
export const csvOf = (rows: readonly (readonly Cell[])[]): string =>
  rows.map((row) => `${row.map(field).join(',')}\r\n`).join('');

function field(cell: Cell): string {
  if (cell === null) return '';
  const text = typeof cell === 'string' && /^[=+\-@\t\r\n]/.test(cell) ? `'${cell}` : String(cell);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
