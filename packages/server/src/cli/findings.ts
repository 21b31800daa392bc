import type { AssayInput, AssayOutput } from '@assay/model/assay/operations.ts';
import { Command, InvalidArgumentError } from 'commander';
import type { Severity } from '../domain/rules-package.ts';
import { severities } from '../domain/severity.ts';
import { CliError } from '../runtime/cli-error.ts';
import { beginning } from './audit/trail-time.ts';
import type { Client } from './client/client.ts';
import { listUpTo } from './client/list-up-to.ts';
import { nameHosts } from './client/name-host.ts';
import { nameRun } from './client/name-run.ts';
import { type ClientOptions, withClient, withClientOptions } from './client/with-client.ts';
import { type ExportFormatName, exportFormatNames, exportFormats, isExportFormat } from './exports/export-formats.ts';
import { exportedItems } from './exports/exported-items.ts';
import { type AtMost, limitOf, tellOfMore, withLimit } from './options/at-most.ts';
import { intoStandardOutput } from './terminal/into-standard-output.ts';
import { severityColours } from './terminal/severity-colours.ts';
import { isoTime, minuteOf } from './terminal/times.ts';
import {
  type TableColumn,
  type TableOptions,
  tableFormats,
  withTableOptions,
  writeTable,
} from './terminal/write-table.ts';

type Summary = AssayOutput<'SearchFindings'>['findings'][number];

interface FindingsOptions extends ClientOptions, Omit<TableOptions, 'format'>, AtMost {
  readonly format: NonNullable<TableOptions['format']> | ExportFormatName;
  readonly run?: readonly string[];
  readonly host?: readonly string[];
  readonly rule?: readonly string[];
  readonly severity?: readonly Severity[];
  readonly package?: string;
  readonly since?: number;
}

export const findingsCommand = (): Command =>
  withTableOptions(withLimit(withClientOptions(new Command('findings'))), [...tableFormats, ...exportFormatNames])
    .description('List findings of all runs and hosts, the newest first, or export them for other tools')
    .option('--run <run>', 'only of this run: ARN, id or latest; repeatable', collect)
    .option('--host <host>', 'only of this host: name, agent id or ARN; * stands for any text; repeatable', collect)
    .option('--rule <name>', 'only of this rule, such as CVE-2026-1234; repeatable', collect)
    .option('--severity <severity>', 'only of this severity; repeatable', severity)
    .option('--package <name>', 'only of this package')
    .option('--since <time>', 'only from then on: 1h or 7d ago, a day, or a moment in UTC', beginning)
    .action((options: FindingsOptions) =>
      withClient(options, async (client) => {
        const { run = [], host = [], rule = [], severity: wanted = [], package: packageName, since } = options;
        const filter = {
          ...(run.length > 0 && { assessmentRunArns: await Promise.all(run.map((each) => nameRun(client, each))) }),
          ...(host.length > 0 && {
            hostArns: (await Promise.all(host.map((each) => nameHosts(client, each)))).flat(),
          }),
          ...(rule.length > 0 && { ruleNames: rule.map(ruleName) }),
          ...(wanted.length > 0 && { severities: [...wanted] }),
          ...(packageName !== undefined && { packageName }),
          ...(since !== undefined && { createdAfter: since / 1000 }),
        };
        const { format } = options;
        if (isExportFormat(format)) return writeExport(client, options, filter, format);
        const { items, more } = await listUpTo(limitOf(options), async (page) => {
          const { findings, nextToken } = await client.assay('SearchFindings', { filter, ...page });
          return { items: findings.map(rowOf), nextToken };
        });
        writeTable(process.stdout, { ...options, format }, items, { columns, none: 'No finding matches.' });
        tellOfMore(more, items.length);
      }),
    );

async function writeExport(
  client: Client,
  options: FindingsOptions,
  filter: NonNullable<AssayInput<'SearchFindings'>['filter']>,
  format: ExportFormatName,
): Promise<void> {
  if (options.json || options.sort !== undefined || options.filter) {
    throw new CliError(`--format ${format} has an order and fields of its own: omit --json, --sort and --filter.`);
  }
  const limit = limitOf(options);
  const items = exportedItems(client, filter, { limit, onMore: (shown) => tellOfMore(true, shown) });
  await intoStandardOutput(exportFormats[format](items));
}

interface Row extends Omit<Summary, 'createdAt'> {
  readonly createdAt: string;
}

const rowOf = ({ createdAt, ...summary }: Summary): Row => ({ ...summary, createdAt: isoTime(createdAt) });

const columns: readonly TableColumn<Row>[] = [
  {
    name: 'severity',
    title: 'Severity',
    cell: (row) => row.severity,
    paint: (row) => severityColours[row.severity][0],
  },
  { name: 'ruleName', title: 'Rule', cell: (row) => row.ruleName },
  { name: 'hostname', title: 'Host', cell: (row) => row.hostname },
  { name: 'packageName', title: 'Package', cell: (row) => row.packageName ?? null },
  { name: 'installedVersion', title: 'Installed', cell: (row) => row.installedVersion ?? null },
  { name: 'fixedVersion', title: 'Fixed', cell: (row) => row.fixedVersion ?? null },
  { name: 'createdAt', title: 'Found', cell: (row) => row.createdAt, show: (row) => minuteOf(row.createdAt) },
  { name: 'title', title: 'Title', cell: (row) => row.title },
];

/** CVEs are written in capitals; the names of other rules are as they are. */
const ruleName = (text: string): string => (/^cve-/i.test(text) ? text.toUpperCase() : text);

const collect = (text: string, before: readonly string[] = []): readonly string[] => [...before, text];

function severity(text: string, before: readonly Severity[] = []): readonly Severity[] {
  const found = severities.find((each) => each.toLowerCase() === text.toLowerCase());
  if (!found) throw new InvalidArgumentError(`It must be one of ${severities.toReversed().join(', ')}.`);
  return [...before, found];
}
