import { assayArn } from '@assay/model/assay/arn.ts';
import type { AssayOutput } from '@assay/model/assay/operations.ts';
import { Command, Option } from 'commander';
import { CliError } from '../runtime/cli-error.ts';
import { tags } from './agent.ts';
import { listAll } from './client/list-all.ts';
import { OperationError } from './client/operation-error.ts';
import { type ClientOptions, withClient, withClientOptions } from './client/with-client.ts';
import { duration } from './options/duration.ts';
import { tagsText } from './options/key-values.ts';
import { wholeNumber } from './options/whole-number.ts';
import { isoTime, minuteOf } from './terminal/times.ts';
import { type TableOptions, withTableOptions, writeTable } from './terminal/write-table.ts';

type Token = AssayOutput<'ListEnrollmentTokens'>['tokens'][number];

interface CreateOptions extends ClientOptions {
  readonly ttl: number;
  readonly uses: number;
  readonly count: number;
  readonly tag: { key: string; value: string }[];
  readonly json?: boolean;
}

export const tokensCommand = (): Command =>
  new Command('tokens')
    .description('Create, list and revoke enrolment tokens')
    .addCommand(createCommand())
    .addCommand(listCommand())
    .addCommand(revokeCommand());

const createCommand = (): Command =>
  withClientOptions(new Command('create'))
    .description('Create a token and show it, once')
    .addOption(
      new Option('--ttl <duration>', 'how long it is valid: 90s, 30m, 1h, 7d')
        .argParser(duration)
        .default(3_600_000, '1h'),
    )
    .option('--uses <number>', 'how many hosts can enrol with it', wholeNumber(1, 100_000), 1)
    .option('--count <number>', 'how many tokens to create, one a line', wholeNumber(1, 1000), 1)
    .option(
      '--tag <key=value>',
      'a tag for the hosts that enrol with it, which they cannot change; repeatable',
      tags,
      [],
    )
    .option('--json', 'print JSON')
    .action(({ ttl, uses, count, tag, json, ...options }: CreateOptions) =>
      withClient(options, async (client) => {
        const secondsValid = Math.ceil(ttl / 1000);
        const { tokens } = await client.assay('CreateEnrollmentTokens', { count, uses, secondsValid, tags: tag });
        process.stdout.write(
          json
            ? `${JSON.stringify(
                tokens.map(({ token, details }) => ({ token, ...shown(details) })),
                undefined,
                2,
              )}\n`
            : `${tokens.map(({ token }) => token).join('\n')}\n`,
        );
      }),
    );

const listCommand = (): Command =>
  withTableOptions(withClientOptions(new Command('list')))
    .description('List tokens by id, newest first, without their secrets')
    .option('--usable', 'only those that hosts can still enrol with')
    .action((options: ClientOptions & TableOptions & { readonly usable?: boolean }) =>
      withClient(options, async (client) => {
        const all = await listAll(async (nextToken) => {
          const asked = { usableOnly: options.usable ?? false, nextToken, maxResults: 500 };
          const { tokens, nextToken: next } = await client.assay('ListEnrollmentTokens', asked);
          return { items: tokens, nextToken: next };
        });
        writeTable(process.stdout, options, all.map(shown), {
          columns: [
            { name: 'tokenId', title: 'Id', cell: (token) => token.tokenId },
            { name: 'state', title: 'State', cell: (token) => token.state },
            {
              name: 'used',
              title: 'Used',
              cell: (token) => token.used,
              show: ({ used, uses }) => `${used} of ${uses}`,
            },
            {
              name: 'createdAt',
              title: 'Created',
              cell: (token) => token.createdAt,
              show: (token) => minuteOf(token.createdAt),
            },
            {
              name: 'expiresAt',
              title: 'Expires',
              cell: (token) => token.expiresAt,
              show: (token) => minuteOf(token.expiresAt),
            },
            { name: 'tags', title: 'Tags', cell: (token) => tagsText(token.tags) },
          ],
          none: 'There are no tokens. Create one: assay tokens create',
        });
      }),
    );

const revokeCommand = (): Command =>
  withClientOptions(new Command('revoke'))
    .description('Revoke a token: no host can enrol with it; hosts that did stay enrolled')
    .argument('<id>', 'its id, as assay tokens list shows it')
    .option('--json', 'print JSON')
    .action((id: string, options: ClientOptions & { readonly json?: boolean }) =>
      withClient(options, async (client) => {
        const unknown = new CliError(`There is no token ${id.slice(0, 64)}. To see them: assay tokens list`);
        if (!/^[0-9a-f]{12}$/.test(id)) throw unknown;
        try {
          const tokenArn = assayArn(await client.scope(), 'token', id);
          const { token } = await client.assay('RevokeEnrollmentToken', { tokenArn });
          process.stdout.write(options.json ? `${JSON.stringify(shown(token))}\n` : `${id} is revoked.\n`);
        } catch (error) {
          throw error instanceof OperationError && error.type === 'NoSuchEntityException' ? unknown : error;
        }
      }),
    );

/** A token with its times as text. */
const shown = ({ createdAt, expiresAt, revokedAt, ...token }: Token) => ({
  ...token,
  createdAt: isoTime(createdAt),
  expiresAt: isoTime(expiresAt),
  ...(revokedAt === undefined ? {} : { revokedAt: isoTime(revokedAt) }),
});
