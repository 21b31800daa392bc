/** Characters below which no column is made narrower. */
const NARROWEST = 6;
const GAP = 2;

/** The widths of columns that together fit a width: the widest give way first. */
export function fitColumns(rows: readonly (readonly string[])[], width: number): number[] {
  const count = rows[0]?.length ?? 0;
  const widths = Array.from({ length: count }, (_, at) =>
    rows.reduce((widest, row) => Math.max(widest, [...(row[at] ?? '')].length), 0),
  );
  const total = (): number => widths.reduce((sum, each) => sum + each, 0) + GAP * Math.max(0, count - 1);
  while (total() > width) {
    const widest = Math.max(...widths);
    if (widest <= NARROWEST) break;
    const next = Math.max(NARROWEST, ...widths.filter((each) => each < widest));
    const alike = widths.filter((each) => each === widest).length;
    // Down to the next widest, or as far as it takes.
    const step = Math.max(1, Math.min(widest - next || 1, Math.floor((total() - width) / alike)));
    for (const [at, each] of widths.entries()) {
      if (each === widest && total() > width) widths[at] = each - step;
    }
  }
  return widths;
}
