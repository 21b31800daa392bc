import type { AssayOutput } from '@assay/model/assay/operations.ts';
import { WeekDay } from '@assay/model/assay/structures.ts';
import { Command, InvalidArgumentError } from 'commander';
import { listAll } from './client/list-all.ts';
import { type ClientOptions, withClient, withClientOptions } from './client/with-client.ts';
import { type TableOptions, withTableOptions, writeTable } from './terminal/write-table.ts';

type Window = AssayOutput<'ListTargetWindows'>['windows'][number];

interface SetOptions extends ClientOptions {
  readonly from: string;
  readonly to: string;
  readonly days?: Window['days'];
  readonly tz?: string;
  readonly json?: boolean;
}

export const windowsCommand = (): Command =>
  new Command('windows')
    .description('Say when scheduled runs of a target may begin')
    .addCommand(setCommand())
    .addCommand(listCommand())
    .addCommand(deleteCommand());

const setCommand = (): Command =>
  withClientOptions(new Command('set'))
    .description('Set the window of a target, replacing the current one')
    .argument('<target-arn>', 'the assessment target')
    .requiredOption('--from <time>', 'when it opens, like 22:00')
    .requiredOption('--to <time>', 'when it closes, like 05:00: on the next day where that is not later')
    .option('--days <days>', 'days on which it opens, like mon,tue,sat (default: every day)', days)
    .option('--tz <name>', 'time zone, like Europe/Berlin (default: UTC)')
    .option('--json', 'print JSON')
    .action((target: string, { from, to, days: on, tz, ...options }: SetOptions) =>
      withClient(options, async (client) => {
        const { window } = await client.assay('SetTargetWindow', {
          ...{ assessmentTargetArn: target, from, to },
          ...(on === undefined ? {} : { days: on }),
          ...(tz === undefined ? {} : { timeZone: tz }),
        });
        process.stdout.write(
          options.json
            ? `${JSON.stringify(window, undefined, 2)}\n`
            : `Scheduled runs of the target may begin ${words(window)}.\n`,
        );
      }),
    );

const listCommand = (): Command =>
  withTableOptions(withClientOptions(new Command('list')))
    .description('List the windows of targets')
    .action((options: ClientOptions & TableOptions) =>
      withClient(options, async (client) => {
        const all = await listAll(async (nextToken) => {
          const { windows, nextToken: next } = await client.assay('ListTargetWindows', { nextToken, maxResults: 500 });
          return { items: windows, nextToken: next };
        });
        writeTable(process.stdout, options, all, {
          columns: [
            { name: 'assessmentTargetArn', title: 'Target', cell: ({ assessmentTargetArn }) => assessmentTargetArn },
            { name: 'days', title: 'Days', cell: (window) => window.days.join(' ') },
            { name: 'from', title: 'From', cell: ({ from }) => from },
            { name: 'to', title: 'To', cell: ({ to }) => to },
            { name: 'timeZone', title: 'Time zone', cell: ({ timeZone }) => timeZone },
          ],
          none: 'No target has a window: scheduled runs begin at any time.',
        });
      }),
    );

const deleteCommand = (): Command =>
  withClientOptions(new Command('delete'))
    .description('Delete the window of a target: its scheduled runs begin at any time')
    .argument('<target-arn>', 'the assessment target')
    .option('--json', 'print JSON')
    .action((assessmentTargetArn: string, options: ClientOptions & { readonly json?: boolean }) =>
      withClient(options, async (client) => {
        await client.assay('DeleteTargetWindow', { assessmentTargetArn });
        process.stdout.write(
          options.json
            ? `${JSON.stringify({ assessmentTargetArn })}\n`
            : `Scheduled runs of ${assessmentTargetArn} begin at any time.\n`,
        );
      }),
    );

function days(text: string): Window['days'] {
  return text.split(',').map((name) => {
    const known = WeekDay.values.find((day) => day === name.trim().toUpperCase());
    if (known === undefined) throw new InvalidArgumentError('It must be like mon,tue,sat.');
    return known;
  });
}

function words({ days: on, from, to, timeZone }: Window): string {
  const every = on.length === WeekDay.values.length;
  return `from ${from} to ${to} ${timeZone}, ${every ? 'every day' : `on ${on.join(', ')}`}`;
}
