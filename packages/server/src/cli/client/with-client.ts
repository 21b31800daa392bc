import { type Command, InvalidArgumentError } from 'commander';
import { contentDirectory } from '../../content/content-directory.ts';
import { feedsDirectory } from '../../feeds/feeds-directory.ts';
import { DEFAULT_ACCOUNT } from '../../runtime/access-keys.ts';
import { openAdvisorySource } from '../../runtime/advisory-source.ts';
import { CliError } from '../../runtime/cli-error.ts';
import { openContentSource } from '../../runtime/content-source.ts';
import { knowledgeSources } from '../../runtime/knowledge-sources.ts';
import { report } from '../../runtime/report.ts';
import { shareKnowledge } from '../../runtime/sharing/share-knowledge.ts';
import { type StoreOptions, withStoreOf, withStoreOptions } from '../options/store-options.ts';
import { findCredentials } from './aws-profile.ts';
import type { Client } from './client.ts';
import { createLocalClient } from './local-client.ts';
import { createRemoteClient } from './remote-client.ts';

/** Options of a command that asks a server: over the wire with an endpoint, else on the server's own store. */
export interface ClientOptions extends StoreOptions {
  readonly endpoint?: string;
  readonly profile?: string;
  readonly region?: string;
  readonly account?: string;
}

const DEFAULT_REGION = 'us-east-1';

export const withClientOptions = (command: Command): Command =>
  withStoreOptions(
    command
      .option(
        '--endpoint <url>',
        'ask this server, signed with the AWS_ variables or a profile (default: $ASSAY_ENDPOINT, else the data directory)',
      )
      .option('--profile <name>', 'profile of the AWS credentials file that has the access key'),
  )
    .option('--region <name>', `region of the API (default: the profile's, or ${DEFAULT_REGION})`, region)
    .option('--account <number>', `account, without --endpoint (default: $ASSAY_ACCOUNT_ID or ${DEFAULT_ACCOUNT})`);

/**
 * Makes the client of a command: the one place that decides whether a server is asked over the wire or its store is
 * opened here. Throws {@link CliError}.
 */
export async function withClient<T>(options: ClientOptions, work: (client: Client) => Promise<T>): Promise<T> {
  const here = options.dataDir !== undefined || options.databaseUrl !== undefined;
  const endpoint = options.endpoint ?? (here ? undefined : process.env.ASSAY_ENDPOINT);
  if (endpoint !== undefined) {
    if (here) throw new CliError('Give --endpoint, or --data-dir and --database-url: not both.');
    if (options.account !== undefined)
      throw new CliError("--endpoint asks in the access key's account: omit --account.");
    const credentials = findCredentials(process.env, options.profile);
    return work(createRemoteClient(endpoint, options.region ?? credentials.region ?? DEFAULT_REGION, credentials));
  }
  if (options.profile !== undefined) throw new CliError('--profile needs --endpoint.');
  const { account = process.env.ASSAY_ACCOUNT_ID ?? DEFAULT_ACCOUNT, region: name = DEFAULT_REGION } = options;
  if (!/^[0-9]{12}$/.test(account)) throw new CliError('The account must be 12 digits.');
  return withStoreOf(options, async (store, directory) => {
    const advisories = openAdvisorySource(feedsDirectory(directory.path), report);
    const content = openContentSource(contentDirectory(directory.path), report);
    const log = (line: string): void => void process.stderr.write(`${line}\n`);
    const sharing = shareKnowledge({ store, directory, now: Date.now, log, report });
    const knowledge = knowledgeSources({ advisories, content, store, sharing });
    try {
      return await work(await createLocalClient(store, directory, knowledge, { account, region: name }));
    } finally {
      advisories.close();
    }
  });
}

function region(text: string): string {
  if (!/^[a-z0-9-]{1,64}$/.test(text)) throw new InvalidArgumentError('It must be a region name such as us-east-1.');
  return text;
}
