import { randomBytes } from 'node:crypto';
import { Command } from 'commander';
import { createKey, DEFAULT_ACCOUNT } from '../runtime/access-keys.ts';
import { checkMasterKey } from '../runtime/check-master-key.ts';
import { CliError } from '../runtime/cli-error.ts';
import type { DataDirectory } from '../runtime/data-directory.ts';
import { createSecretBox } from '../store/database/secret-box.ts';
import type { Store } from '../store/store.ts';
import { POLICY_CHOICE, policyDocument, readPolicy, shownPolicyName } from './keys/key-policy.ts';
import { type StoreOptions, withStoreOf, withStoreOptions } from './options/store-options.ts';

interface KeysOptions extends StoreOptions {
  readonly json?: boolean;
  readonly account?: string;
  readonly policy?: string;
}

export const keysCommand = (): Command =>
  new Command('keys')
    .description('Make, list and revoke the access keys that requests are signed with, and say what they may do')
    .addCommand(createCommand())
    .addCommand(listCommand())
    .addCommand(policyCommand())
    .addCommand(revokeCommand());

const createCommand = (): Command =>
  withStoreOptions(new Command('create'))
    .description('Make a key; its secret is shown this once')
    .option('--account <number>', 'the account, 12 digits (default: $ASSAY_ACCOUNT_ID or 123456789012)')
    .option('--policy <policy>', `what it may do: ${POLICY_CHOICE} (default: administrator)`)
    .option('--json', 'print JSON')
    .action((options: KeysOptions) =>
      withStore(options, async (store, { masterKey }) => {
        const account = options.account ?? process.env.ASSAY_ACCOUNT_ID ?? DEFAULT_ACCOUNT;
        if (!/^[0-9]{12}$/.test(account)) throw new CliError('The account must be 12 digits.');
        const policy = policyOf(options.policy ?? 'administrator');
        const key = await createKey({ store, secrets: createSecretBox(masterKey, randomBytes) }, account, policy);
        const name = shownPolicyName(policy);
        if (options.json) return `${JSON.stringify({ ...key, policy: name })}\n`;
        return (
          `A key of account ${account}; its secret is shown this once:\n` +
          `  AWS_ACCESS_KEY_ID=${key.accessKeyId}\n  AWS_SECRET_ACCESS_KEY=${key.secretAccessKey}\n` +
          (policy === null ? '' : `Its policy: ${name}\n`)
        );
      }),
    );

const listCommand = (): Command =>
  withStoreOptions(new Command('list'))
    .description('List the keys, without their secrets')
    .option('--json', 'print JSON')
    .action((options: KeysOptions) =>
      withStore(options, async (store) => {
        const keys = (await store.accessKeys.list()).map(({ id, account, policy, createdAt, revokedAt }) => ({
          accessKeyId: id,
          account,
          policy: shownPolicyName(policy),
          createdAt: new Date(createdAt).toISOString(),
          revokedAt: revokedAt === null ? null : new Date(revokedAt).toISOString(),
        }));
        if (options.json) return `${JSON.stringify(keys)}\n`;
        if (keys.length === 0) return 'There are no keys. Make one: assay keys create\n';
        const width = Math.max(...keys.map(({ accessKeyId }) => accessKeyId.length));
        const policyWidth = Math.max(...keys.map(({ policy }) => policy.length));
        return keys
          .map(
            ({ accessKeyId, account, policy, createdAt, revokedAt }) =>
              `${accessKeyId.padEnd(width)}  ${account}  ${policy.padEnd(policyWidth)}  made ${createdAt.slice(0, 16)}Z  ${revokedAt === null ? 'valid' : `revoked ${revokedAt.slice(0, 16)}Z`}\n`,
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
        if (!key) throw noKey(id);
        return `${id} was revoked before.\n`;
      }),
    );

const policyCommand = (): Command =>
  withStoreOptions(new Command('policy'))
    .description('Show what a key may do, or say what it may do from now on; a running server holds to it at once')
    .argument('<id>', 'the access key id')
    .argument('[policy]', POLICY_CHOICE)
    .action((id: string, given: string | undefined, options: KeysOptions) =>
      withStore(options, async (store) => {
        const key = await store.accessKeys.find(id);
        if (!key) throw noKey(id);
        if (given === undefined) return policyDocument(key.policy);
        const policy = policyOf(given);
        if (!(await store.accessKeys.setPolicy(id, policy))) throw noKey(id);
        return `The policy of ${id} is ${shownPolicyName(policy)}.\n`;
      }),
    );

const noKey = (id: string): CliError => new CliError(`There is no key ${id}. assay keys list shows those there are.`);

/** What a key keeps of a policy that was given; what of it has no effect is said. */
function policyOf(given: string): string | null {
  const { kept, warnings } = readPolicy(given);
  for (const warning of warnings) process.stderr.write(`assay: ${given}: ${warning}\n`);
  return kept;
}

/** Prints what the work says. */
async function withStore(
  options: StoreOptions,
  work: (store: Store, directory: DataDirectory) => Promise<string>,
): Promise<void> {
  const done = await withStoreOf(options, async (store, directory) => {
    await checkMasterKey(store, directory);
    return work(store, directory);
  });
  process.stdout.write(done);
}
