import { assayArn, parseAssayArn } from '@assay/model/assay/arn.ts';
import { oneLine } from '@assay/model/safe-text.ts';
import { CliError } from '../../runtime/cli-error.ts';
import type { Client } from './client.ts';

/** The most hosts of one name that are looked at. */
const ALIKE = 50;

/**
 * The ARNs of the hosts that a person named: by ARN, agent id or host name, the one
 * heard last first. Throws {@link CliError} where there is none.
 */
export async function nameHosts(client: Client, text: string): Promise<string[]> {
  if (parseAssayArn(text)?.kind === 'host') return [text];
  if (/^i-[0-9a-f]{17}$/.test(text)) return [assayArn(await client.scope(), 'host', text)];
  const { hosts } = await client.assay('ListHosts', { filter: { hostnamePattern: text }, maxResults: ALIKE });
  if (hosts.length === 0) throw new CliError(`No host is called ${oneLine(text)} here. List them: assay hosts list`);
  return hosts.toSorted((a, b) => b.lastHeardAt - a.lastHeardAt).map(({ hostArn }) => hostArn);
}
