import { oneLine } from '@assay/model/safe-text.ts';
import { Command, InvalidArgumentError, Option } from 'commander';
import { CliError } from '../runtime/cli-error.ts';
import { findHost, type Host, listHosts } from './client/find-host.ts';
import { type ClientOptions, withClient, withClientOptions } from './client/with-client.ts';
import { keyValues, tagsText } from './options/key-values.ts';
import { ago, isoTime } from './terminal/times.ts';
import { type TableOptions, withTableOptions, writeTable } from './terminal/write-table.ts';

interface ListOptions extends ClientOptions, TableOptions {
  readonly tag: { key: string; value?: string }[];
  readonly health?: Host['health'];
}
interface TagOptions extends ClientOptions {
  readonly hide: string[];
  readonly release: string[];
  readonly json?: boolean;
}

export const hostsCommand = (): Command =>
  new Command('hosts')
    .description('List, show, tag and remove hosts')
    .addCommand(listCommand())
    .addCommand(showCommand())
    .addCommand(tagCommand())
    .addCommand(removeCommand());

const listCommand = (): Command =>
  withTableOptions(withClientOptions(new Command('list')))
    .description('List the hosts, one a line, newest enrolment first')
    .option('--tag <key[=value]>', 'only hosts with any of these tags; repeatable', tagAsked, [])
    .addOption(new Option('--health <health>', 'only hosts of this health').choices(['HEALTHY', 'UNHEALTHY']))
    .action((options: ListOptions) =>
      withClient(options, async (client) => {
        const { tag, health } = options;
        const hosts = await listHosts(client, {
          ...(health === undefined ? {} : { health }),
          ...(tag.length === 0 ? {} : { tags: tag }),
        });
        writeTable(process.stdout, options, hosts.map(shown), {
          columns: [
            { name: 'agentId', title: 'Id', cell: (host) => host.agentId },
            { name: 'hostname', title: 'Host', cell: (host) => host.hostname },
            {
              name: 'health',
              title: 'Health',
              cell: (host) => host.health,
              show: (host) => (host.healthCode === 'SHUTDOWN' ? 'SHUTDOWN' : host.health),
              paint: (host) => (host.health === 'HEALTHY' ? undefined : 'red'),
            },
            {
              name: 'lastHeardAt',
              title: 'Heard',
              cell: (host) => host.lastHeardAt,
              show: (host) => ago(Date.now() - Date.parse(host.lastHeardAt)),
            },
            { name: 'agentVersion', title: 'Agent', cell: (host) => host.agentVersion },
            { name: 'operatingSystem', title: 'System', cell: (host) => host.operatingSystem },
            { name: 'tags', title: 'Tags', cell: (host) => tagsText(host.tags) },
          ],
          none: 'No host is enrolled. Make a token for one: assay tokens create',
        });
      }),
    );

const showCommand = (): Command =>
  withClientOptions(new Command('show'))
    .description('Show everything that is known about a host')
    .argument('<host>', 'its id or name')
    .option('--json', 'print JSON')
    .action((named: string, options: ClientOptions & { readonly json?: boolean }) =>
      withClient(options, async (client) => print(await findHost(client, named), options.json)),
    );

const tagCommand = (): Command =>
  withClientOptions(new Command('tag'))
    .description('Set tags on a host; they override those of its agent')
    .argument('<host>', 'its id or name')
    .argument('[tags...]', 'Key=Value')
    .option('--hide <key...>', 'remove these tags, even if its agent reports them', [])
    .option('--release <key...>', 'let its agent decide on these tags again', [])
    .option('--json', 'print JSON')
    .action((named: string, tags: string[], { hide, release, ...options }: TagOptions) =>
      withClient(options, async (client) => {
        const fix = keyValues(tags);
        if (fix.length + hide.length + release.length === 0) {
          throw new CliError('Give Key=Value, or --hide or --release with the key of a tag.');
        }
        const { hostArn } = await findHost(client, named);
        const { host } = await client.assay('TagHost', { hostArn, fix, hide, release });
        if (options.json) return print(host, true);
        const own = (host.fixedTags ?? []).map(({ key }) => key);
        process.stdout.write(
          `The tags of ${oneLine(host.hostname)}: ${oneLine(tagsText(host.tags)) || 'none'}\n` +
            `Fixed: ${oneLine(own.join(', ')) || 'none'}\n`,
        );
      }),
    );

const removeCommand = (): Command =>
  withClientOptions(new Command('remove'))
    .description('Remove a host: its agent is refused from then on; findings and runs stay')
    .argument('<host>', 'its id, or its name')
    .option('--json', 'print JSON')
    .action((named: string, options: ClientOptions & { readonly json?: boolean }) =>
      withClient(options, async (client) => {
        const { hostArn } = await findHost(client, named);
        const { host, removedBefore } = await client.assay('RemoveHost', { hostArn });
        if (options.json) return print(host, true);
        const name = `${oneLine(host.hostname)} (${host.agentId})`;
        process.stdout.write(`${name} ${removedBefore ? 'was removed before' : 'is removed'}.\n`);
      }),
    );

/** A host with its times as text. */
const shown = ({ enrolledAt, lastHeardAt, removedAt, ...host }: Host) => ({
  ...host,
  enrolledAt: isoTime(enrolledAt),
  lastHeardAt: isoTime(lastHeardAt),
  ...(removedAt === undefined ? {} : { removedAt: isoTime(removedAt) }),
});

function print(host: Host, json: boolean | undefined): void {
  const all = shown(host);
  if (json) return void process.stdout.write(`${JSON.stringify(all, undefined, 2)}\n`);
  const fixed = (host.fixedTags ?? []).map(({ key, value }) => (value === undefined ? `no ${key}` : `${key}=${value}`));
  const lines: readonly (readonly [string, string | undefined])[] = [
    ['Id', all.agentId],
    ['Host', all.hostname],
    ['Health', `${all.health}: ${all.healthDetails}`],
    ['System', all.operatingSystem],
    ['Kernel', all.kernelVersion],
    ['Address', all.ipv4Address],
    ['Agent', `${all.agentVersion}${all.privileged ? '' : ', without root: it sees less'}`],
    ['Tags', tagsText(all.tags) || 'none'],
    ['Fixed tags', fixed.join(', ') || undefined],
    ['Enrolled', all.enrolledAt],
    ['Last heard', all.lastHeardAt],
    ['Removed', all.removedAt],
  ];
  for (const [title, text] of lines) {
    if (text !== undefined) process.stdout.write(`${title.padEnd(11)} ${oneLine(text)}\n`);
  }
}

function tagAsked(text: string, before: ListOptions['tag']): ListOptions['tag'] {
  const [, key = '', value] = /^([^=]{1,128})(?:=(.*))?$/s.exec(text) ?? [];
  if (key === '') throw new InvalidArgumentError('It must be Key or Key=Value.');
  return [...before, { key, ...(value === undefined ? {} : { value }) }];
}
