import type { Scope } from '@assay/model/arn.ts';
import { type Command, InvalidArgumentError } from 'commander';
import { DEFAULT_ACCOUNT } from '../../runtime/access-keys.ts';
import { CliError } from '../../runtime/cli-error.ts';
import type { Store } from '../../store/store.ts';
import { type StoreOptions, withStoreOf, withStoreOptions } from '../options/store-options.ts';

/** Options of a command that works on one account and region of a server's store. */
export interface ScopeOptions extends StoreOptions {
  readonly region: string;
  readonly account?: string;
}

export const withScope = (command: Command): Command =>
  withStoreOptions(command)
    .option('--region <name>', 'region of the API', region, 'us-east-1')
    .option('--account <number>', `account (default: $ASSAY_ACCOUNT_ID or ${DEFAULT_ACCOUNT})`);

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
  return withStoreOf(options, (store) => work(store, scope));
}

function region(text: string): string {
  if (!/^[a-z0-9-]{1,64}$/.test(text)) throw new InvalidArgumentError('It must be a region name such as us-east-1.');
  return text;
}
