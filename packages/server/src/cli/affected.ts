import type { AssayOutput } from '@assay/model/assay/operations.ts';
import { Command } from 'commander';
import { listAll } from './client/list-all.ts';
import { type ClientOptions, withClient, withClientOptions } from './client/with-client.ts';
import { severityColours } from './terminal/severity-colours.ts';
import { isoTime, minuteOf } from './terminal/times.ts';
import { type TableColumn, type TableOptions, withTableOptions, writeTable } from './terminal/write-table.ts';

type Affected = AssayOutput<'ListAffectedHosts'>['hosts'][number];

export const affectedCommand = (): Command =>
  withTableOptions(withClientOptions(new Command('affected')))
    .description(
      'List the hosts that a CVE or another rule was found on: since when, and whether the last run found it',
    )
    .argument('<rule>', 'CVE-YYYY-NNNN, or the name of a rule')
    .action((rule: string, options: ClientOptions & TableOptions) =>
      withClient(options, async (client) => {
        const ruleName = /^cve-/i.test(rule) ? rule.toUpperCase() : rule;
        const hosts = await listAll(async (nextToken) => {
          const page = await client.assay('ListAffectedHosts', { ruleName, nextToken, maxResults: 500 });
          return { items: page.hosts.map(rowOf), nextToken: page.nextToken };
        });
        writeTable(process.stdout, options, hosts, {
          columns,
          none: `No run has found ${ruleName}. That a rule was assessed is in a run's coverage: assay coverage`,
        });
      }),
    );

interface Row extends Omit<Affected, 'firstFoundAt' | 'lastFoundAt' | 'lastAssessedAt'> {
  readonly firstFoundAt: string;
  readonly lastFoundAt: string;
  readonly lastAssessedAt: string | null;
}

const rowOf = ({ firstFoundAt, lastFoundAt, lastAssessedAt, ...host }: Affected): Row => ({
  ...host,
  firstFoundAt: isoTime(firstFoundAt),
  lastFoundAt: isoTime(lastFoundAt),
  lastAssessedAt: lastAssessedAt === undefined ? null : isoTime(lastAssessedAt),
});

const columns: readonly TableColumn<Row>[] = [
  { name: 'hostname', title: 'Host', cell: (row) => row.hostname },
  { name: 'agentId', title: 'Agent', cell: (row) => row.agentId },
  {
    name: 'severity',
    title: 'Severity',
    cell: (row) => row.severity,
    paint: (row) => severityColours[row.severity][0],
  },
  { name: 'firstFoundAt', title: 'Since', cell: (row) => row.firstFoundAt, show: (row) => minuteOf(row.firstFoundAt) },
  {
    name: 'lastFoundAt',
    title: 'Last found',
    cell: (row) => row.lastFoundAt,
    show: (row) => minuteOf(row.lastFoundAt),
  },
  {
    name: 'foundInLastRun',
    title: 'In the last run',
    cell: (row) => row.foundInLastRun,
    show: (row) => (row.foundInLastRun ? 'found' : 'not reported'),
  },
];
