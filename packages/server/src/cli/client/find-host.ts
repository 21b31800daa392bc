import { assayArn } from '@assay/model/assay/arn.ts';
import type { AssayOutput } from '@assay/model/assay/operations.ts';
import { oneLine } from '@assay/model/safe-text.ts';
import { CliError } from '../../runtime/cli-error.ts';
import type { Client } from './client.ts';
import { listAll } from './list-all.ts';

export type Host = AssayOutput<'ListHosts'>['hosts'][number];

/** The hosts that match a filter, all of them. */
export const listHosts = (client: Client, filter?: Parameters<typeof ask>[1]): Promise<Host[]> =>
  listAll((nextToken) => ask(client, filter, nextToken));

const ask = async (
  client: Client,
  filter: { readonly health?: Host['health']; readonly tags?: { key: string; value?: string }[] } | undefined,
  nextToken: string | undefined,
) => {
  const { hosts, nextToken: next } = await client.assay('ListHosts', { filter, nextToken, maxResults: 500 });
  return { items: hosts, nextToken: next };
};

/** A host by its id or its name. Throws {@link CliError} where there is none, or several of that name. */
export async function findHost(client: Client, named: string): Promise<Host> {
  if (/^i-[0-9a-f]{17}$/.test(named)) {
    const hostArn = assayArn(await client.scope(), 'host', named);
    const { hosts } = await client.assay('DescribeHosts', { hostArns: [hostArn] });
    const [host] = hosts;
    if (host) return host;
    throw new CliError(`There is no host ${named}. To see them: assay hosts list`);
  }
  const found = (await listHosts(client)).filter(({ hostname }) => hostname.toLowerCase() === named.toLowerCase());
  const [host, ...others] = found;
  if (!host) throw new CliError(`There is no host named ${oneLine(named)}. To see them: assay hosts list`);
  if (others.length === 0) return host;
  const ids = found.map(({ agentId }) => agentId).join(', ');
  throw new CliError(`${found.length} hosts are named ${oneLine(named)}. Give the id of one: ${ids}`);
}
