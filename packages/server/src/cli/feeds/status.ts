import type { AssayOutput } from '@assay/model/assay/operations.ts';
import { Command } from 'commander';
import { type ClientOptions, withClient, withClientOptions } from '../client/with-client.ts';
import { style } from '../terminal/guarded-output.ts';
import { lineWidth, renderTable } from '../terminal/table.ts';
import { isoTime } from '../terminal/times.ts';

const HOUR = 60 * 60 * 1000;

interface StatusRow {
  readonly name: string;
  readonly kind: string | null;
  readonly source: string | null;
  readonly records: number;
  readonly refused: Readonly<Record<string, number>> | null;
  readonly updatedAt: string | null;
  readonly ageSeconds: number | null;
  /** Older than a week. */
  readonly old: boolean;
  readonly digest: string | null;
  readonly error: string | null;
  readonly errorAt: string | null;
}

export const feedsStatusCommand = (): Command =>
  withClientOptions(new Command('status'))
    .description('Show the feeds: what each holds, how old it is, and what went wrong')
    .option('--json', 'print JSON')
    .action((options: ClientOptions & { readonly json?: boolean }) =>
      withClient(options, async (client) => {
        const { digest, feeds } = await client.assay('ListFeeds', {});
        const rows = feeds.map((feed) => statusRow(feed, Date.now()));
        if (options.json) process.stdout.write(`${JSON.stringify({ digest: digest ?? null, feeds: rows })}\n`);
        else process.stdout.write(describe(rows, digest));
      }),
    );

type Feed = AssayOutput<'ListFeeds'>['feeds'][number];

const statusRow = (
  { name, kind, source, records, refused, updatedAt, old, digest, error, errorAt }: Feed,
  now: number,
): StatusRow => ({
  name,
  kind: kind ?? null,
  source: source ?? null,
  records,
  refused: (refused as Readonly<Record<string, number>> | undefined) ?? null,
  updatedAt: updatedAt === undefined ? null : isoTime(updatedAt),
  ageSeconds: updatedAt === undefined ? null : Math.max(0, Math.round(now / 1000 - updatedAt)),
  old,
  digest: digest ?? null,
  error: error ?? null,
  errorAt: errorAt === undefined ? null : isoTime(errorAt),
});

function describe(rows: readonly StatusRow[], digest: string | undefined): string {
  const stream = process.stdout;
  const cells = rows.map((row) => [
    row.name,
    row.kind ?? '',
    row.records.toLocaleString('en'),
    row.updatedAt?.slice(0, 10) ?? 'never',
    row.ageSeconds === null ? '' : ageOf(row.ageSeconds * 1000) + (row.old ? ' OLD' : ''),
    row.digest?.slice(0, 8) ?? '',
    row.error === null ? '' : `failed ${row.errorAt?.slice(0, 10)}: ${row.error}`,
  ]);
  const columns = ['Feed', 'Kind', 'Records', 'Taken', 'Age', 'Digest', ''].map((title) => ({ title }));
  const table = renderTable(columns, cells, lineWidth(stream), (text, row, column) =>
    (column === 4 && rows[row]?.old) || column === 6 ? style('yellow', text, stream) : text,
  );
  if (digest === undefined) return `${table}\nNothing is taken yet. Take it: assay feeds update\n`;
  const old = rows.filter((row) => row.old).map(({ name }) => name);
  return `${table}\nAdvisories ${digest.slice(0, 16)}.${old.length > 0 ? ` Older than a week: ${old.join(', ')}. Renew: assay feeds update` : ''}\n`;
}

function ageOf(milliseconds: number): string {
  const hours = Math.floor(milliseconds / HOUR);
  return hours < 48 ? `${hours} h` : `${Math.floor(hours / 24)} d`;
}
