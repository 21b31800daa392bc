/** What a bench measured: rows of numbers under named columns, each against the floor that was measured beside them. */
export interface Report {
  readonly bench: string;
  /** Names with units. The first column is what the ratio compares. */
  readonly columns: readonly string[];
  readonly floor: Row;
  readonly rows: readonly Row[];
  /** How a ratio reads: "of the floor's rate", "times the floor's time". */
  readonly ratio: string;
}

export interface Row {
  readonly label: string;
  readonly values: readonly number[];
}

/** A row's first number over the floor's. */
const ratioOf = (row: Row, floor: Row): number => (row.values[0] ?? Number.NaN) / (floor.values[0] ?? Number.NaN);

export function formatTable({ bench, columns, floor, rows, ratio }: Report): string {
  const labelled = [
    ['', ...columns, ratio],
    [`${floor.label} (floor)`, ...floor.values.map(number), ''],
    ...rows.map((row) => [row.label, ...row.values.map(number), ratioOf(row, floor).toFixed(2)]),
  ];
  const widths =
    labelled[0]?.map((_, column) => Math.max(...labelled.map((cells) => cells[column]?.length ?? 0))) ?? [];
  const line = (cells: readonly string[]): string =>
    cells.map((cell, at) => (at === 0 ? cell.padEnd(widths[at] ?? 0) : cell.padStart(widths[at] ?? 0))).join('   ');
  return `${bench}\n${labelled.map((cells) => `  ${line(cells).trimEnd()}\n`).join('')}`;
}

export const toJson = (report: Report) => ({
  ...report,
  rows: report.rows.map((row) => ({ ...row, ratio: ratioOf(row, report.floor) })),
});

/** The value below which a share of the samples lies. */
export function percentile(samples: readonly number[], share: number): number {
  const sorted = [...samples].sort((one, other) => one - other);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

const number = (value: number): string =>
  Number.isNaN(value)
    ? '–'
    : value.toLocaleString('en-US', { maximumFractionDigits: value >= 100 ? 0 : 2, minimumFractionDigits: 0 });
