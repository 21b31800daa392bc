import { assayArn } from '@assay/model/assay/arn.ts';
import { oneLine } from '@assay/model/safe-text.ts';
import { Command } from 'commander';
import { CliError } from '../runtime/cli-error.ts';
import type { Client } from './client/client.ts';
import { listAll } from './client/list-all.ts';
import { OperationError } from './client/operation-error.ts';
import { type ClientOptions, withClient, withClientOptions } from './client/with-client.ts';
import { POLICY_CHOICE, readPolicy } from './keys/read-policy.ts';
import { isoTime, minuteOf } from './terminal/times.ts';
import { type TableOptions, withTableOptions, writeTable } from './terminal/write-table.ts';

interface KeysOptions extends ClientOptions {
  readonly json?: boolean;
  readonly policy?: string;
}

export const keysCommand = (): Command =>
  new Command('keys')
    .description('Create, list and revoke the access keys that requests are signed with, and set their policies')
    .addCommand(createCommand())
    .addCommand(listCommand())
    .addCommand(policyCommand())
    .addCommand(revokeCommand());

const createCommand = (): Command =>
  withClientOptions(new Command('create'))
    .description('Create a key; its secret is shown this once')
    .option('--policy <policy>', `what it may do: ${POLICY_CHOICE} (default: administrator)`)
    .option('--json', 'print JSON')
    .action((options: KeysOptions) =>
      withClient(options, async (client) => {
        const given = options.policy ?? 'administrator';
        const answer = await client.assay('CreateAccessKey', { policy: readPolicy(given) });
        warn(given, answer.warnings);
        const { accessKeyId, account, policyName } = answer.accessKey;
        const { secretAccessKey } = answer;
        process.stdout.write(
          options.json
            ? `${JSON.stringify({ accessKeyId, secretAccessKey, account, policy: policyName })}\n`
            : `A key of account ${account}; its secret is shown this once:\n` +
                `  AWS_ACCESS_KEY_ID=${accessKeyId}\n  AWS_SECRET_ACCESS_KEY=${secretAccessKey}\n` +
                (policyName === 'administrator' ? '' : `Its policy: ${policyName}\n`),
        );
      }),
    );

const listCommand = (): Command =>
  withTableOptions(withClientOptions(new Command('list')))
    .description('List the keys, without their secrets')
    .action((options: ClientOptions & TableOptions) =>
      withClient(options, async (client) => {
        const keys = await listAll(async (nextToken) => {
          const { accessKeys, nextToken: next } = await client.assay('ListAccessKeys', { nextToken, maxResults: 500 });
          return { items: accessKeys, nextToken: next };
        });
        const rows = keys.map(({ accessKeyId, account, policyName, createdAt, revokedAt }) => ({
          accessKeyId,
          account,
          policy: policyName,
          createdAt: isoTime(createdAt),
          revokedAt: revokedAt === undefined ? null : isoTime(revokedAt),
        }));
        writeTable(process.stdout, options, rows, {
          columns: [
            { name: 'accessKeyId', title: 'Key', cell: (key) => key.accessKeyId },
            { name: 'account', title: 'Account', cell: (key) => key.account },
            { name: 'policy', title: 'Policy', cell: (key) => key.policy },
            {
              name: 'createdAt',
              title: 'Created',
              cell: (key) => key.createdAt,
              show: (key) => minuteOf(key.createdAt),
            },
            {
              name: 'revokedAt',
              title: 'State',
              cell: (key) => key.revokedAt,
              show: (key) => (key.revokedAt === null ? 'valid' : `revoked ${minuteOf(key.revokedAt)}`),
            },
          ],
          none: 'There are no keys. Create one: assay keys create',
        });
      }),
    );

const revokeCommand = (): Command =>
  withClientOptions(new Command('revoke'))
    .description('Revoke a key; running servers refuse it immediately')
    .argument('<id>', 'the access key id')
    .option('--json', 'print JSON')
    .action((id: string, options: KeysOptions) =>
      withClient(options, async (client) => {
        const { revokedAt, revokedBefore } = await withKey(client, id, (accessKeyArn) =>
          client.assay('RevokeAccessKey', { accessKeyArn }),
        );
        if (options.json) {
          process.stdout.write(`${JSON.stringify({ accessKeyId: id, revokedAt: isoTime(revokedAt) })}\n`);
        } else process.stdout.write(`${id} ${revokedBefore ? 'was revoked before' : 'is revoked'}.\n`);
      }),
    );

const policyCommand = (): Command =>
  withClientOptions(new Command('policy'))
    .description('Show the policy of a key, or replace it; running servers apply it immediately')
    .argument('<id>', 'the access key id')
    .argument('[policy]', POLICY_CHOICE)
    .option('--json', 'print JSON')
    .action((id: string, given: string | undefined, options: KeysOptions) =>
      withClient(options, async (client) => {
        const policy = given === undefined ? undefined : readPolicy(given);
        if (given === undefined || policy === undefined) {
          const { policyName, policyDocument } = await withKey(client, id, (accessKeyArn) =>
            client.assay('GetAccessKeyPolicy', { accessKeyArn }),
          );
          const shown = { accessKeyId: id, policy: policyName, document: documentOf(policyDocument) };
          return void process.stdout.write(`${options.json ? JSON.stringify(shown) : policyDocument}\n`);
        }
        const { policyName, warnings } = await withKey(client, id, (accessKeyArn) =>
          client.assay('SetAccessKeyPolicy', { accessKeyArn, policy }),
        );
        warn(given, warnings);
        process.stdout.write(
          options.json
            ? `${JSON.stringify({ accessKeyId: id, policy: policyName })}\n`
            : `The policy of ${id} is ${policyName}.\n`,
        );
      }),
    );

/** A policy document as it is, for JSON. */
const documentOf = (text: string): unknown => JSON.parse(text) as unknown;

function warn(given: string, warnings: readonly string[]): void {
  for (const warning of warnings) process.stderr.write(`assay: ${given}: ${oneLine(warning)}\n`);
}

/** Works on the key of an id. Throws {@link CliError}. */
async function withKey<T>(client: Client, id: string, work: (accessKeyArn: string) => Promise<T>): Promise<T> {
  const noKey = new CliError(`There is no key ${oneLine(id)}. assay keys list shows those there are.`);
  if (!/^[A-Za-z0-9_-]{1,128}$/.test(id)) throw noKey;
  try {
    return await work(assayArn(await client.scope(), 'key', id));
  } catch (error) {
    throw error instanceof OperationError && error.errorCode === 'ACCESS_KEY_DOES_NOT_EXIST' ? noKey : error;
  }
}
