import { describeHost } from '@assay/agent/describe-host.ts';
import { openHost } from '@assay/agent/open-host.ts';
import { VERSION } from '../../domain/version.ts';

/** What this host, or one whose files are mounted at `root`, runs, as an agent on it would report it. */
export async function thisSystem(root?: string): Promise<string> {
  const host = await openHost(root);
  return (await describeHost(host, { tags: [], agentVersion: VERSION })).operatingSystem;
}
