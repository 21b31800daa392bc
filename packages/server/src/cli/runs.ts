import type { Output } from '@assay/model/api/operations.ts';
import { Command, InvalidArgumentError } from 'commander';
import { runStates } from '../domain/run-machine.ts';
import type { Client } from './client/client.ts';
import { listUpTo } from './client/list-up-to.ts';
import { type ClientOptions, withClient, withClientOptions } from './client/with-client.ts';
import { type AtMost, limitOf, tellOfMore, withLimit } from './options/at-most.ts';
import { isoTime, minuteOf } from './terminal/times.ts';
import { type TableColumn, type TableOptions, withTableOptions, writeTable } from './terminal/write-table.ts';

type WireRun = Output<'DescribeAssessmentRuns'>['assessmentRuns'][number];
type State = WireRun['state'];

interface RunsOptions extends ClientOptions, TableOptions, AtMost {
  readonly state?: readonly State[];
  readonly name?: string;
}

interface Row {
  readonly id: string;
  readonly name: string;
  readonly state: State;
  readonly createdAt: string;
  readonly completedAt: string | null;
  readonly high: number;
  readonly medium: number;
  readonly low: number;
  readonly informational: number;
  readonly undefined: number;
  readonly arn: string;
}

export const runsCommand = (): Command =>
  withTableOptions(withLimit(withClientOptions(new Command('runs'))))
    .description('List assessment runs, the newest first')
    .option('--state <state>', 'only runs in this state; repeatable', state)
    .option('--name <pattern>', 'only runs whose name matches; * stands for any text')
    .action((options: RunsOptions) =>
      withClient(options, async (client) => {
        const { items, more } = await listUpTo(limitOf(options), (page) => listRuns(client, options, page));
        writeTable(process.stdout, options, items, { columns, none: 'There are no runs.' });
        tellOfMore(more, items.length);
      }),
    );

async function listRuns(
  client: Client,
  { state: wanted = [], name }: RunsOptions,
  page: { readonly nextToken: string | undefined; readonly maxResults: number },
) {
  const filter = {
    ...(wanted.length > 0 && { states: [...wanted] }),
    ...(name !== undefined && { namePattern: name }),
  };
  const { assessmentRunArns, nextToken } = await client.inspector('ListAssessmentRuns', { filter, ...page });
  const rows: Row[] = [];
  for (let from = 0; from < assessmentRunArns.length; from += 100) {
    const described = await client.inspector('DescribeAssessmentRuns', {
      assessmentRunArns: assessmentRunArns.slice(from, from + 100),
    });
    rows.push(...described.assessmentRuns.map(rowOf));
  }
  return { items: rows, nextToken };
}

const rowOf = ({ arn, name, state: at, createdAt, completedAt, findingCounts: found }: WireRun): Row => ({
  id: arn.slice(-10),
  name,
  state: at,
  createdAt: isoTime(createdAt),
  completedAt: completedAt === undefined ? null : isoTime(completedAt),
  high: found.High ?? 0,
  medium: found.Medium ?? 0,
  low: found.Low ?? 0,
  informational: found.Informational ?? 0,
  undefined: found.Undefined ?? 0,
  arn,
});

/** Only a run that completed has looked: of any other, none found is not known. */
const found =
  (severity: 'high' | 'medium' | 'low' | 'informational' | 'undefined') =>
  (row: Row): string =>
    row[severity] === 0 && !row.state.startsWith('COMPLETED') ? '–' : String(row[severity]);

const columns: readonly TableColumn<Row>[] = [
  { name: 'id', title: 'Run', cell: ({ id }) => id },
  { name: 'state', title: 'State', cell: ({ state: at }) => at, paint: ({ state: at }) => colours[at] },
  { name: 'createdAt', title: 'Created', cell: ({ createdAt }) => createdAt, show: (row) => minuteOf(row.createdAt) },
  {
    name: 'completedAt',
    title: 'Ended',
    cell: ({ completedAt }) => completedAt,
    show: (row) => (row.completedAt === null ? '' : minuteOf(row.completedAt)),
  },
  {
    name: 'high',
    title: 'High',
    cell: ({ high }) => high,
    show: found('high'),
    paint: ({ high }) => (high > 0 ? 'red' : undefined),
  },
  { name: 'medium', title: 'Med', cell: ({ medium }) => medium, show: found('medium') },
  { name: 'low', title: 'Low', cell: ({ low }) => low, show: found('low') },
  { name: 'informational', title: 'Info', cell: ({ informational }) => informational, show: found('informational') },
  { name: 'undefined', title: 'Undef', cell: (row) => row.undefined, show: found('undefined') },
  { name: 'name', title: 'Name', cell: ({ name }) => name },
];

const colours: Readonly<Partial<Record<State, 'red' | 'yellow' | 'dim'>>> = {
  FAILED: 'red',
  ERROR: 'red',
  COMPLETED_WITH_ERRORS: 'yellow',
  CANCELED: 'dim',
};

function state(text: string, before: readonly State[] = []): readonly State[] {
  const found = runStates.find((each) => each === text.toUpperCase());
  if (!found) throw new InvalidArgumentError(`It must be one of ${runStates.join(', ')}.`);
  return [...before, found];
}
