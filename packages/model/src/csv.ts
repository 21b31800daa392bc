/** What a field of a CSV file holds. */
export type CsvValue = string | number | boolean | null | undefined;

/**
 * A line of a CSV file (RFC 4180). A spreadsheet takes text that begins like a formula for one, and texts come from hosts and
 * feeds: an apostrophe before it makes it text.
 */
export const csvLine = (values: readonly CsvValue[]): string => `${values.map(field).join(',')}\r\n`;

function field(value: CsvValue): string {
  if (value === null || value === undefined) return '';
  const text = typeof value === 'string' && /^[=+\-@\t\r\n]/.test(value) ? `'${value}` : String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
