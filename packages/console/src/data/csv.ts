/**
 * A line of a CSV file (RFC 4180). What a spreadsheet would run as a formula begins with an apostrophe: texts come from hosts
 * and feeds.
 */
export const csvLine = (values: readonly (string | number | undefined)[]): string =>
  `${values.map(field).join(',')}\r\n`;

function field(value: string | number | undefined): string {
  if (typeof value === 'number') return String(value);
  const text = value ?? '';
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
