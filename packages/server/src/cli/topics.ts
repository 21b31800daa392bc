import type { AssayOutput } from '@assay/model/assay/operations.ts';
import { AssayEvent } from '@assay/model/assay/structures.ts';
import { Argument, Command, InvalidArgumentError, Option } from 'commander';
import { listAll } from './client/list-all.ts';
import { type ClientOptions, withClient, withClientOptions } from './client/with-client.ts';
import { isoTime, minuteOf } from './terminal/times.ts';
import { type TableOptions, withTableOptions, writeTable } from './terminal/write-table.ts';

type Topic = AssayOutput<'ListTopics'>['topics'][number];

/** Formats as the command line names them. */
const formats = {
  sns: 'SNS',
  'standard-webhooks': 'STANDARD_WEBHOOKS',
  slack: 'SLACK',
  mail: 'MAIL',
  'amazon-sns': 'AMAZON_SNS',
} as const;

interface MapOptions extends ClientOptions {
  readonly format?: keyof typeof formats;
  readonly allowPrivate?: boolean;
  readonly signatureVersion: '1' | '2';
  readonly header: { name: string; value: string }[];
  readonly event?: Topic['events'];
  readonly json?: boolean;
}

export const topicsCommand = (): Command =>
  new Command('topics')
    .description('Map topics to the addresses that their events are delivered to')
    .addCommand(mapCommand())
    .addCommand(listCommand())
    .addCommand(unmapCommand())
    .addCommand(subscriptionCommand('subscribe'))
    .addCommand(subscriptionCommand('unsubscribe'));

const mapCommand = (): Command =>
  withClientOptions(new Command('map'))
    .description('Map a topic to an address, replacing the current one')
    .argument('<topic-arn>', 'as SubscribeToEvent names it: arn:aws:sns:us-east-1:123456789012:security')
    .argument('<url>', 'where its events go: https://… (POST), mailto:… (mail), or the endpoint of Amazon SNS')
    .addOption(
      new Option(
        '--format <name>',
        'sns: POSTs as Amazon SNS makes them; standard-webhooks; slack; mail; amazon-sns: published there (default: by the address)',
      ).choices(Object.keys(formats)),
    )
    .option('--allow-private', 'the address may be on this machine or in a private network')
    .addOption(
      new Option('--signature-version <number>', 'of SNS messages: 1 is SHA-1, 2 is SHA-256')
        .choices(['1', '2'])
        .default('1'),
    )
    .option('--header <name: value>', 'a header to send with each POST; kept sealed; repeatable', header, [])
    .addOption(
      new Option('--event <name>', 'an event of Assay’s own that the topic is told of as well; repeatable')
        .choices(AssayEvent.values)
        .argParser<Topic['events'] | undefined>(event),
    )
    .option('--json', 'print JSON')
    .action((topicArn: string, url: string, { json, ...options }: MapOptions) =>
      withClient(options, async (client) => {
        const { topic, signingSecret } = await client.assay('MapTopic', {
          ...{ topicArn, url, allowPrivate: options.allowPrivate ?? false },
          ...(options.format === undefined ? {} : { format: formats[options.format] }),
          ...{ signatureVersion: Number(options.signatureVersion), headers: options.header },
          ...(options.event === undefined ? {} : { events: options.event }),
        });
        if (json) {
          process.stdout.write(`${JSON.stringify({ ...shown(topic), signingSecret }, undefined, 2)}\n`);
          return;
        }
        process.stdout.write(`Events of ${topic.topicArn} go to ${topic.url} from now on.\n`);
        if (signingSecret !== undefined) {
          process.stdout.write(`They are signed with this secret; it is shown this once:\n  ${signingSecret}\n`);
        }
      }),
    );

const listCommand = (): Command =>
  withTableOptions(withClientOptions(new Command('list')))
    .description('List the topics that are mapped, the newest first')
    .action((options: ClientOptions & TableOptions) =>
      withClient(options, async (client) => {
        const all = await listAll(async (nextToken) => {
          const { topics, nextToken: next } = await client.assay('ListTopics', { nextToken, maxResults: 500 });
          return { items: topics, nextToken: next };
        });
        writeTable(process.stdout, options, all.map(shown), {
          columns: [
            { name: 'topicArn', title: 'Topic', cell: (topic) => topic.topicArn },
            { name: 'url', title: 'Address', cell: (topic) => topic.url },
            { name: 'format', title: 'Format', cell: (topic) => topic.format },
            { name: 'events', title: 'Events', cell: (topic) => topic.events.join(' ') },
            { name: 'waiting', title: 'Waiting', cell: (topic) => topic.waiting },
            {
              name: 'lastDeliveredAt',
              title: 'Delivered',
              cell: (topic) => topic.lastDeliveredAt ?? '',
              show: ({ lastDeliveredAt }) => (lastDeliveredAt === undefined ? 'never' : minuteOf(lastDeliveredAt)),
            },
            { name: 'lastError', title: 'Last error', cell: (topic) => topic.lastError ?? '' },
          ],
          none: 'No topic is mapped. Map one: assay topics map TOPIC_ARN URL',
        });
      }),
    );

const subscriptionCommand = (name: 'subscribe' | 'unsubscribe'): Command =>
  withClientOptions(new Command(name))
    .description(
      name === 'subscribe'
        ? 'Tell a mapped topic of an event that the Inspector API does not have'
        : 'Stop telling a topic of such an event',
    )
    .argument('<topic-arn>', 'as assay topics list shows it')
    .addArgument(new Argument('<event>', 'what it is told of').choices(AssayEvent.values))
    .option('--json', 'print JSON')
    .action((topicArn: string, event: Topic['events'][number], options: ClientOptions & { readonly json?: boolean }) =>
      withClient(options, async (client) => {
        const operation = name === 'subscribe' ? 'SubscribeToServerEvent' : 'UnsubscribeFromServerEvent';
        await client.assay(operation, { topicArn, event });
        if (options.json) return void process.stdout.write(`${JSON.stringify({ topicArn, event })}\n`);
        process.stdout.write(`${topicArn} is ${name === 'subscribe' ? 'told' : 'no longer told'} of ${event}.\n`);
      }),
    );

const unmapCommand = (): Command =>
  withClientOptions(new Command('unmap'))
    .description('Remove the mapping of a topic; events not yet delivered are dropped')
    .argument('<topic-arn>', 'as assay topics list shows it')
    .option('--json', 'print JSON')
    .action((topicArn: string, options: ClientOptions & { readonly json?: boolean }) =>
      withClient(options, async (client) => {
        await client.assay('UnmapTopic', { topicArn });
        process.stdout.write(options.json ? `${JSON.stringify({ topicArn })}\n` : `${topicArn} is no longer mapped.\n`);
      }),
    );

function event(text: string, before: Topic['events'] = []): Topic['events'] {
  const known = AssayEvent.values.find((name) => name === text);
  if (known === undefined) throw new InvalidArgumentError(`Allowed choices are ${AssayEvent.values.join(', ')}.`);
  return [...before, known];
}

function header(text: string, before: readonly { name: string; value: string }[]): { name: string; value: string }[] {
  const [, name, value] = /^([A-Za-z0-9-]+):\s*(.*)$/.exec(text) ?? [];
  if (name === undefined || value === undefined)
    throw new InvalidArgumentError('It must be like "Authorization: Bearer …".');
  return [...before, { name, value }];
}

/** A topic with its times as text. */
const shown = ({ mappedAt, confirmedAt, lastTriedAt, lastDeliveredAt, ...topic }: Topic) => ({
  ...topic,
  mappedAt: isoTime(mappedAt),
  ...(confirmedAt === undefined ? {} : { confirmedAt: isoTime(confirmedAt) }),
  ...(lastTriedAt === undefined ? {} : { lastTriedAt: isoTime(lastTriedAt) }),
  ...(lastDeliveredAt === undefined ? {} : { lastDeliveredAt: isoTime(lastDeliveredAt) }),
});
