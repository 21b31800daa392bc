import type { Scope } from '@assay/model/arn.ts';
import { type Command, InvalidArgumentError } from 'commander';
import { openStore, type Store } from '../store/store.ts';
import { DEFAULT_ACCOUNT } from './access-keys.ts';
import { CliError } from './cli-error.ts';
import { dataDirectoryPath, openDataDirectory } from './data-directory.ts';

/** Options of a command that works on one account and region of a server's store. */
export interface ScopeOptions {
  readonly region: string;
  readonly account?: string;
  readonly dataDir?: string;
}

export const withScope = (command: Command): Command =>
  command
    .option('--region <name>', 'region of the API', region, 'us-east-1')
    .option('--account <number>', `account (default: $ASSAY_ACCOUNT_ID or ${DEFAULT_ACCOUNT})`)
    .option('--data-dir <dir>', "the server's (default: $ASSAY_DATA_DIR or .assay)");

/** Throws {@link CliError} when the account is none. */
function scopeOf({
  region: name,
  account = process.env.ASSAY_ACCOUNT_ID ?? DEFAULT_ACCOUNT,
}: Pick<ScopeOptions, 'region' | 'account'>): Scope {
  if (!/^[0-9]{12}$/.test(account)) throw new CliError('The account must be 12 digits.');
  return { account, region: name };
}

/** Opens the store of a data directory for `work`, whether or not its server runs. */
export async function withStore<T>(
  options: ScopeOptions,
  work: (store: Store, scope: Scope) => Promise<T>,
): Promise<T> {
  const scope = scopeOf(options);
  const store = await openStore(openDataDirectory(dataDirectoryPath(options.dataDir)).storeFile);
  try {
    return await work(store, scope);
  } finally {
    await store.close();
  }
}

function region(text: string): string {
  if (!/^[a-z0-9-]{1,64}$/.test(text)) throw new InvalidArgumentError('It must be a region name such as us-east-1.');
  return text;
}
