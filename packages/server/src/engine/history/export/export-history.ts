import type { ExportReader, StoredScope } from '../../../store/tables/export-reader.ts';
import { type KindName, kindNames } from '../import/kinds.ts';
import { exportKinds } from './export-kinds.ts';

export interface ExportOptions {
  /** All unless given. */
  readonly kinds?: readonly KindName[] | undefined;
  readonly account?: string | undefined;
  readonly region?: string | undefined;
}

export interface ExportSummary {
  /** Rows looked at: what of {@link countRows} is done. */
  rows: number;
  lines: number;
  readonly linesByKind: Partial<Record<KindName, number>>;
}

/**
 * Everything that `assay import` takes, as NDJSON: pieces of whole lines, parents before their children, one account and
 * region after the other. `onProgress` is told after every piece.
 */
export async function* exportHistory(
  reader: ExportReader,
  options: ExportOptions,
  onProgress: (summary: Readonly<ExportSummary>) => void,
): AsyncGenerator<string> {
  const summary: ExportSummary = { rows: 0, lines: 0, linesByKind: {} };
  for (const scope of await scopesOf(reader, options)) {
    for (const kind of kindsOf(options)) {
      for await (const { lines, rows } of exportKinds[kind].batches(reader, scope)) {
        summary.rows += rows;
        summary.lines += lines.length;
        if (lines.length > 0) summary.linesByKind[kind] = (summary.linesByKind[kind] ?? 0) + lines.length;
        onProgress(summary);
        yield lines.map((line) => `${JSON.stringify({ kind, ...line })}\n`).join('');
      }
    }
  }
}

/** How many rows an export with these options will look at. */
export async function countRows(reader: ExportReader, options: ExportOptions): Promise<number> {
  let rows = 0;
  for (const scope of await scopesOf(reader, options)) {
    for (const kind of kindsOf(options)) {
      const { table } = exportKinds[kind];
      if (table) rows += await reader.count(table, scope.id);
    }
  }
  return rows;
}

const kindsOf = ({ kinds }: ExportOptions): KindName[] => kindNames.filter((kind) => !kinds || kinds.includes(kind));

async function scopesOf(reader: ExportReader, { account, region }: ExportOptions): Promise<StoredScope[]> {
  const scopes = await reader.scopes();
  return scopes.filter(
    (scope) =>
      (account === undefined || scope.account === account) && (region === undefined || scope.region === region),
  );
}
