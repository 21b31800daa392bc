import { styleText } from 'node:util';
import { Command } from 'commander';
import { readDefinitions } from '../../feeds/feed-definitions.ts';
import { OLD_AFTER } from '../../feeds/feed-state.ts';
import { type FeedsDirectory, readCurrent } from '../../feeds/feeds-directory.ts';
import { lineWidth, renderTable } from '../terminal/table.ts';
import { type FeedsOptions, withFeeds, withFeedsOptions } from './with-feeds.ts';

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
  withFeedsOptions(new Command('status'))
    .description('Show the feeds: what there is of each, how old it is, and what went wrong')
    .action((options: FeedsOptions) =>
      withFeeds(options, (directory) => {
        const { digest } = readCurrent(directory);
        const rows = statusRows(directory, Date.now());
        if (options.json) process.stdout.write(`${JSON.stringify({ digest: digest ?? null, feeds: rows })}\n`);
        else process.stdout.write(describe(rows, digest));
      }),
    );

function statusRows(directory: FeedsDirectory, now: number): readonly StatusRow[] {
  const definitions = new Map(readDefinitions(directory).map((feed) => [feed.name, feed]));
  const states = new Map(readCurrent(directory).feeds.map((state) => [state.name, state]));
  return [...new Set([...definitions.keys(), ...states.keys()])].sort().map((name) => {
    const [definition, part, error] = [definitions.get(name), states.get(name)?.part, states.get(name)?.error];
    return {
      name,
      kind: part?.kind ?? definition?.kind ?? null,
      source: part?.source ?? definition?.source ?? null,
      records: part?.records ?? 0,
      refused: part?.refused ?? null,
      updatedAt: part ? new Date(part.updatedAt).toISOString() : null,
      ageSeconds: part ? Math.max(0, Math.round((now - part.updatedAt) / 1000)) : null,
      old: part !== undefined && now - part.updatedAt > OLD_AFTER,
      digest: part?.digest ?? null,
      error: error?.message ?? null,
      errorAt: error ? new Date(error.at).toISOString() : null,
    };
  });
}

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
    (column === 4 && rows[row]?.old) || column === 6 ? styleText('yellow', text, { stream }) : text,
  );
  if (digest === undefined) return `${table}\nNothing is taken yet. Take it: assay feeds update\n`;
  const old = rows.filter((row) => row.old).map(({ name }) => name);
  return `${table}\nAdvisories ${digest.slice(0, 16)}.${old.length > 0 ? ` Older than a week: ${old.join(', ')}. Renew: assay feeds update` : ''}\n`;
}

function ageOf(milliseconds: number): string {
  const hours = Math.floor(milliseconds / HOUR);
  return hours < 48 ? `${hours} h` : `${Math.floor(hours / 24)} d`;
}
