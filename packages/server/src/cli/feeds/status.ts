import type { AssayOutput } from '@assay/model/assay/operations.ts';
import { Command } from 'commander';
import { type ClientOptions, withClient, withClientOptions } from '../client/with-client.ts';
import { style } from '../terminal/guarded-output.ts';
import { nextSteps } from '../terminal/next-step.ts';
import { lineWidth, renderTable } from '../terminal/table.ts';
import { isoTime } from '../terminal/times.ts';

const HOUR = 60 * 60 * 1000;

interface StatusRow {
  readonly name: string;
  readonly kind: string | null;
  readonly source: string | null;
  /** The hosts here are assessed by it. */
  readonly needed: boolean;
  readonly records: number;
  /** Of what was kept of it, in bytes. */
  readonly size: number | null;
  readonly refused: Readonly<Record<string, number>> | null;
  /** When it was taken. */
  readonly updatedAt: string | null;
  /** Of when the newest of what it holds is. */
  readonly newestAt: string | null;
  /** By the older of the two. */
  readonly ageSeconds: number | null;
  /** Taken more than a week ago, or without anything of the last month. */
  readonly old: boolean;
  /** Records that could not be read, or not in full, and the first of them with the reason. */
  readonly unreadable: number;
  readonly examples: readonly string[];
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
  {
    name,
    kind,
    source,
    needed,
    records,
    size,
    refused,
    updatedAt,
    newestAt,
    old,
    digest,
    error,
    errorAt,
    examples = [],
  }: Feed,
  now: number,
): StatusRow => ({
  name,
  kind: kind ?? null,
  source: source ?? null,
  needed,
  records,
  size: size ?? null,
  refused: (refused as Readonly<Record<string, number>> | undefined) ?? null,
  updatedAt: updatedAt === undefined ? null : isoTime(updatedAt),
  newestAt: newestAt === undefined ? null : isoTime(newestAt),
  ageSeconds:
    updatedAt === undefined ? null : Math.max(0, Math.round(now / 1000 - Math.min(updatedAt, newestAt ?? updatedAt))),
  old,
  unreadable: unreadableOf(refused),
  examples: unreadableOf(refused) > 0 ? examples : [],
  digest: digest ?? null,
  error: error ?? null,
  errorAt: errorAt === undefined ? null : isoTime(errorAt),
});

const unreadableOf = (refused: Feed['refused']): number =>
  (refused as Readonly<Record<string, number>> | undefined)?.unreadable ?? 0;

function describe(rows: readonly StatusRow[], digest: string | undefined): string {
  const stream = process.stdout;
  const ofHosts = rows.some((row) => row.needed);
  const cells = rows.map((row) => [
    `${row.needed ? '* ' : ofHosts ? '  ' : ''}${row.name}`,
    row.kind ?? '',
    row.records.toLocaleString('en'),
    row.size === null ? '' : sizeOf(row.size),
    row.newestAt?.slice(0, 10) ?? '',
    row.updatedAt?.slice(0, 10) ?? 'never',
    row.ageSeconds === null ? '' : ageOf(row.ageSeconds * 1000) + (row.old ? ' OLD' : ''),
    row.digest?.slice(0, 8) ?? '',
    [
      ...(row.error === null ? [] : [`failed ${row.errorAt?.slice(0, 10)}: ${row.error}`]),
      ...(row.unreadable === 0 ? [] : [`${row.unreadable} unreadable (${row.examples[0] ?? ''})`]),
    ].join('; '),
  ]);
  const columns = ['Feed', 'Kind', 'Records', 'Size', 'Newest', 'Taken', 'Age', 'Digest', ''].map((title) => ({
    title,
  }));
  const table = renderTable(columns, cells, lineWidth(stream), (text, row, column) =>
    (column === 6 && rows[row]?.old) || column === 8 ? style('yellow', text, stream) : text,
  );
  const legend = ofHosts ? '* The hosts here are assessed by it.\n' : '';
  if (digest === undefined)
    return nextSteps(`${table}${legend}\nNo advisories have been downloaded yet. Download them: assay feeds update\n`);
  const old = rows.filter((row) => row.old).map(({ name }) => name);
  const renew = ` Out of date (downloaded more than a week ago, or no record newer than a month): ${old.join(', ')}. Update: assay feeds update`;
  return nextSteps(`${table}${legend}\nAdvisories ${digest.slice(0, 16)}.${old.length > 0 ? renew : ''}\n`);
}

function sizeOf(bytes: number): string {
  const kilobytes = Math.ceil(bytes / 1000);
  return kilobytes < 1000 ? `${kilobytes} KB` : `${(kilobytes / 1000).toFixed(1)} MB`;
}

function ageOf(milliseconds: number): string {
  const hours = Math.floor(milliseconds / HOUR);
  return hours < 48 ? `${hours} h` : `${Math.floor(hours / 24)} d`;
}
