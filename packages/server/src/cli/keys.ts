import { randomBytes } from 'node:crypto';
import { Command } from 'commander';
import { createSecretBox } from '../store/secret-box.ts';
import { openStore, type Store } from '../store/store.ts';
import { createKey, DEFAULT_ACCOUNT } from './access-keys.ts';
import { CliError } from './cli-error.ts';
import { type DataDirectory, dataDirectoryPath, openDataDirectory } from './data-directory.ts';

interface KeysOptions {
  readonly dataDir?: string;
  readonly json?: boolean;
  readonly account?: string;
}

export const keysCommand = (): Command =>
  new Command('keys')
    .description('Make, list and revoke the access keys that requests are signed with')
    .addCommand(createCommand())
    .addCommand(listCommand())
    .addCommand(revokeCommand());

const withStoreOptions = (command: Command): Command =>
  command.option('--data-dir <dir>', 'where the store is kept (default: $ASSAY_DATA_DIR or .assay)');

const createCommand = (): Command =>
  withStoreOptions(new Command('create'))
    .description('Make a key; its secret is shown this once')
    .option('--account <number>', 'the account, 12 digits (default: $ASSAY_ACCOUNT_ID or 123456789012)')
    .option('--json', 'print JSON')
    .action((options: KeysOptions) =>
      withStore(options, async (store, { masterKey }) => {
        const account = options.account ?? process.env.ASSAY_ACCOUNT_ID ?? DEFAULT_ACCOUNT;
        if (!/^[0-9]{12}$/.test(account)) throw new CliError('The account must be 12 digits.');
        const key = await createKey({ store, secrets: createSecretBox(masterKey, randomBytes) }, account);
        if (options.json) return `${JSON.stringify(key)}\n`;
        return (
          `A key of account ${account}; its secret is shown this once:\n` +
          `  AWS_ACCESS_KEY_ID=${key.accessKeyId}\n  AWS_SECRET_ACCESS_KEY=${key.secretAccessKey}\n`
        );
      }),
    );

const listCommand = (): Command =>
  withStoreOptions(new Command('list'))
    .description('List the keys, without their secrets')
    .option('--json', 'print JSON')
    .action((options: KeysOptions) =>
      withStore(options, async (store) => {
        const keys = (await store.accessKeys.list()).map(({ id, account, createdAt, revokedAt }) => ({
          accessKeyId: id,
          account,
          createdAt: new Date(createdAt).toISOString(),
          revokedAt: revokedAt === null ? null : new Date(revokedAt).toISOString(),
        }));
        if (options.json) return `${JSON.stringify(keys)}\n`;
        if (keys.length === 0) return 'There are no keys. Make one: assay keys create\n';
        const width = Math.max(...keys.map(({ accessKeyId }) => accessKeyId.length));
        return keys
          .map(
            ({ accessKeyId, account, createdAt, revokedAt }) =>
              `${accessKeyId.padEnd(width)}  ${account}  made ${createdAt.slice(0, 16)}Z  ${revokedAt === null ? 'valid' : `revoked ${revokedAt.slice(0, 16)}Z`}\n`,
          )
          .join('');
      }),
    );

const revokeCommand = (): Command =>
  withStoreOptions(new Command('revoke'))
    .description('Refuse a key from now on; a running server does at once')
    .argument('<id>', 'the access key id')
    .action((id: string, options: KeysOptions) =>
      withStore(options, async (store) => {
        if (await store.accessKeys.revoke(id, Date.now())) return `${id} is revoked.\n`;
        const key = await store.accessKeys.find(id);
        if (!key) throw new CliError(`There is no key ${id}. assay keys list shows those there are.`);
        return `${id} was revoked before.\n`;
      }),
    );

/** Prints what the work says. */
async function withStore(
  { dataDir }: KeysOptions,
  work: (store: Store, directory: DataDirectory) => Promise<string>,
): Promise<void> {
  const directory = openDataDirectory(dataDirectoryPath(dataDir));
  const store = await openStore(directory.storeFile);
  try {
    process.stdout.write(await work(store, directory));
  } finally {
    await store.close();
  }
}
