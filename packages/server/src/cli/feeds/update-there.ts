import { setTimeout as delay } from 'node:timers/promises';
import type { AssayOutput } from '@assay/model/assay/operations.ts';
import { oneLine } from '@assay/model/safe-text.ts';
import { CliError } from '../../runtime/cli-error.ts';
import { withClient } from '../client/with-client.ts';

/** How often a server is asked whether its update goes on, in milliseconds. */
const LOOK_EVERY = 1000;

interface ThereOptions {
  readonly endpoint: string;
  readonly profile?: string;
  readonly json?: boolean;
  readonly from: readonly string[];
  readonly only: readonly string[];
}

/** Has a server update its feeds, waits, and says how each went. */
export async function updateThere({ from, only, json, ...where }: ThereOptions): Promise<void> {
  if (from.length + only.length > 0) throw new CliError('--from and --only work without --endpoint only.');
  const feeds = await withClient(where, async (client) => {
    const { started } = await client.assay('UpdateFeeds', {});
    process.stderr.write(started ? 'The server updates its feeds …\n' : 'The server is updating its feeds already …\n');
    for (;;) {
      const listed = await client.assay('ListFeeds', {});
      if (!listed.updating) return listed.feeds;
      await delay(LOOK_EVERY);
    }
  });
  if (json) process.stdout.write(`${JSON.stringify({ feeds }, undefined, 2)}\n`);
  else process.stdout.write(feeds.map(describe).join(''));
  if (feeds.some(({ error }) => error !== undefined)) process.exitCode = 1;
}

const describe = ({ name, records, error }: AssayOutput<'ListFeeds'>['feeds'][number]): string =>
  error === undefined
    ? `${oneLine(name)}: ${records.toLocaleString('en')} records\n`
    : `${oneLine(name)}: failed: ${oneLine(error)}\n`;
