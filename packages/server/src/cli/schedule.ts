import { assayArn } from '@assay/model/assay/arn.ts';
import type { AssayOutput } from '@assay/model/assay/operations.ts';
import { Command, InvalidArgumentError } from 'commander';
import { CliError } from '../runtime/cli-error.ts';
import type { Client } from './client/client.ts';
import { listAll } from './client/list-all.ts';
import { OperationError } from './client/operation-error.ts';
import { type ClientOptions, withClient, withClientOptions } from './client/with-client.ts';
import { duration } from './options/duration.ts';
import { isoTime, minuteOf } from './terminal/times.ts';
import { type TableOptions, withTableOptions, writeTable } from './terminal/write-table.ts';

type Schedule = AssayOutput<'ListSchedules'>['schedules'][number];

interface CreateOptions extends ClientOptions {
  readonly template: string;
  readonly every?: number;
  readonly cron?: string;
  readonly tz?: string;
  /** Milliseconds. */
  readonly window?: number;
  readonly json?: boolean;
}

export const scheduleCommand = (): Command =>
  new Command('schedule')
    .description('Start runs by themselves: every so many days, or by a cron expression')
    .addCommand(createCommand())
    .addCommand(listCommand())
    .addCommand(changeCommand('pause', 'PauseSchedule', 'Pause a schedule: it starts no runs until it is resumed'))
    .addCommand(changeCommand('resume', 'ResumeSchedule', 'Resume a schedule; runs whose time passed are not made up'))
    .addCommand(deleteCommand());

const createCommand = (): Command =>
  withClientOptions(new Command('create'))
    .description('Create a schedule')
    .requiredOption('--template <arn>', 'the assessment template whose runs it starts')
    .option('--every <days>', 'every so many days, from now on: 7d', days)
    .option('--cron <expression>', "minute, hour, day, month, day of the week: '0 3 * * 1-5'")
    .option('--tz <name>', 'time zone of --cron, like Europe/Berlin (default: UTC)')
    .option('--window <duration>', 'how long after its time a run may still begin: 30m, 6h (default: 1h)', duration)
    .option('--json', 'print JSON')
    .action(({ template, every, cron, tz, window, json, ...options }: CreateOptions) => {
      if ((every === undefined) === (cron === undefined)) {
        throw new CliError("Give --every 7d, or --cron '0 3 * * *' with --tz.");
      }
      if (tz !== undefined && cron === undefined) throw new CliError('--tz belongs to --cron.');
      return withClient(options, async (client) => {
        const { schedule } = await client.assay('CreateSchedule', {
          assessmentTemplateArn: template,
          ...(every === undefined ? {} : { everyDays: every }),
          ...(cron === undefined ? {} : { cron }),
          ...(tz === undefined ? {} : { timeZone: tz }),
          ...(window === undefined ? {} : { windowInSeconds: Math.ceil(window / 1000) }),
        });
        write(schedule, json, `${schedule.scheduleId}: ${schedule.description}. ${nextOf(schedule)}`);
      });
    });

const listCommand = (): Command =>
  withTableOptions(withClientOptions(new Command('list')))
    .description('List the schedules, the newest first')
    .action((options: ClientOptions & TableOptions) =>
      withClient(options, async (client) => {
        const all = await listAll(async (nextToken) => {
          const { schedules, nextToken: next } = await client.assay('ListSchedules', { nextToken, maxResults: 500 });
          return { items: schedules, nextToken: next };
        });
        writeTable(process.stdout, options, all.map(shown), {
          columns: [
            { name: 'scheduleId', title: 'Id', cell: (schedule) => schedule.scheduleId },
            { name: 'description', title: 'When', cell: (schedule) => schedule.description },
            {
              name: 'nextAt',
              title: 'Next',
              cell: (schedule) => schedule.nextAt ?? '',
              show: ({ nextAt }) => (nextAt === undefined ? 'paused' : minuteOf(nextAt)),
            },
            {
              name: 'lastAt',
              title: 'Last',
              cell: (schedule) => schedule.lastAt ?? '',
              show: ({ lastAt }) => (lastAt === undefined ? 'never' : minuteOf(lastAt)),
            },
            { name: 'lastNote', title: 'Note', cell: (schedule) => schedule.lastNote ?? '' },
            {
              name: 'assessmentTemplateArn',
              title: 'Template',
              cell: (schedule) => schedule.assessmentTemplateArn,
              show: ({ assessmentTemplateArn }) =>
                assessmentTemplateArn.slice(assessmentTemplateArn.indexOf('target/')),
            },
          ],
          none: 'There are no schedules. Create one: assay schedule create --template ARN --every 7d',
        });
      }),
    );

const changeCommand = (name: string, operation: 'PauseSchedule' | 'ResumeSchedule', description: string): Command =>
  withClientOptions(new Command(name))
    .description(description)
    .argument('<id>', 'its id, as assay schedule list shows it')
    .option('--json', 'print JSON')
    .action((id: string, { json, ...options }: ClientOptions & { readonly json?: boolean }) =>
      withClient(options, async (client) => {
        const { schedule } = await known(id, async () =>
          client.assay(operation, { scheduleArn: await arnOf(client, id) }),
        );
        write(schedule, json, `${id} is ${schedule.paused ? 'paused' : 'resumed'}. ${nextOf(schedule)}`);
      }),
    );

const deleteCommand = (): Command =>
  withClientOptions(new Command('delete'))
    .description('Delete a schedule; runs that it started stay')
    .argument('<id>', 'its id, as assay schedule list shows it')
    .option('--json', 'print JSON')
    .action((id: string, options: ClientOptions & { readonly json?: boolean }) =>
      withClient(options, async (client) => {
        const scheduleArn = await arnOf(client, id);
        await known(id, () => client.assay('DeleteSchedule', { scheduleArn }));
        process.stdout.write(options.json ? `${JSON.stringify({ scheduleArn })}\n` : `${id} is deleted.\n`);
      }),
    );

const arnOf = async (client: Client, id: string): Promise<string> => assayArn(await client.scope(), 'schedule', id);

/** What a command does with a schedule. Throws {@link CliError} where there is none of that id. */
async function known<T>(id: string, work: () => Promise<T>): Promise<T> {
  const unknown = new CliError(`There is no schedule ${id.slice(0, 64)}. To see them: assay schedule list`);
  if (!/^[0-9a-f]{16}$/.test(id)) throw unknown;
  try {
    return await work();
  } catch (error) {
    throw error instanceof OperationError && error.type === 'NoSuchEntityException' ? unknown : error;
  }
}

function days(text: string): number {
  const [, number] = /^(\d{1,3})d$/.exec(text) ?? [];
  const value = Number(number);
  if (number === undefined || value < 1 || value > 365) throw new InvalidArgumentError('It must be 1d to 365d.');
  return value;
}

const nextOf = ({ nextAt }: Schedule): string =>
  nextAt === undefined ? 'No run starts by itself.' : `The next run starts ${isoTime(nextAt)}.`;

const write = (schedule: Schedule, json: boolean | undefined, line: string): void =>
  void process.stdout.write(json ? `${JSON.stringify(shown(schedule), undefined, 2)}\n` : `${line}\n`);

/** A schedule with its times as text. */
const shown = ({ createdAt, nextAt, lastAt, ...schedule }: Schedule) => ({
  ...schedule,
  createdAt: isoTime(createdAt),
  ...(nextAt === undefined ? {} : { nextAt: isoTime(nextAt) }),
  ...(lastAt === undefined ? {} : { lastAt: isoTime(lastAt) }),
});
