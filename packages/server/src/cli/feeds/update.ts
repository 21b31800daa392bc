import { setTimeout as delay } from 'node:timers/promises';
import { Command } from 'commander';
import { type FeedDefinition, isFeedName } from '../../feeds/default-feeds.ts';
import { readDefinitions } from '../../feeds/feed-definitions.ts';
import type { FeedPorts } from '../../feeds/fetch/feed-ports.ts';
import { expandSource } from '../../feeds/sources/expand-source.ts';
import { type FeedOutcomeSummary, type UpdateSummary, updateFeeds } from '../../feeds/update-feeds.ts';
import { feedProgress } from './progress.ts';
import { reassessContinuous } from './reassess-continuous.ts';
import { updateThere } from './update-there.ts';
import { changingFeeds, type FeedsOptions, withFeedsOptions } from './with-feeds.ts';

interface UpdateOptions extends FeedsOptions {
  readonly endpoint?: string;
  readonly profile?: string;
  readonly from: readonly string[];
  readonly only: readonly string[];
}

const ports: FeedPorts = {
  now: () => Date.now(),
  fetch: (url, init) => fetch(url, init),
  sleep: (milliseconds) => delay(milliseconds),
  deadline: (milliseconds) => AbortSignal.timeout(milliseconds),
};

const list = (value: string, before: readonly string[]): readonly string[] => [...before, value];

export const updateFeedsCommand = (): Command =>
  withFeedsOptions(new Command('update'))
    .description('Take what is new in the feeds; what was there serves until all of it is whole')
    .option(
      '--from <path or URL>',
      'this file, folder or URL instead of the feeds that are chosen; repeatable',
      list,
      [],
    )
    .option('--only <ecosystem>', 'only this one, such as Debian:12 or Ubuntu; repeatable', list, [])
    .option('--endpoint <url>', 'have this server update the feeds that it has chosen')
    .option('--profile <name>', 'profile of the AWS credentials file that has the access key')
    .addHelpText('after', '\nExit status: 0, 1 when a feed failed (what was had of it before still serves), 2.')
    .action((options: UpdateOptions) => {
      const endpoint = options.endpoint ?? (options.dataDir === undefined ? process.env.ASSAY_ENDPOINT : undefined);
      return endpoint === undefined ? updateHere(options) : updateThere({ ...options, endpoint });
    });

const updateHere = (options: UpdateOptions): Promise<void> =>
  changingFeeds(options, async (directory) => {
    const feeds =
      options.from.length > 0
        ? unlike(options.from.flatMap(expandSource))
        : readDefinitions(directory).filter((feed) => isWanted(feed, options.only));
    const progress = feedProgress(process.stderr);
    const summary = await updateFeeds(ports, directory, feeds, {
      only: options.only,
      onProgress: progress.show,
    }).finally(progress.clear);
    process.stdout.write(options.json ? `${JSON.stringify(asJson(summary))}\n` : summary.feeds.map(describe).join(''));
    if (summary.feeds.some(({ outcome }) => outcome === 'failed')) process.exitCode = 1;
    const told = options.json ? process.stderr : process.stdout;
    await reassessContinuous(options, directory, (line) => told.write(`${line}\n`));
  });

/** Two sources of one name are two feeds. */
function unlike(feeds: readonly FeedDefinition[]): readonly FeedDefinition[] {
  const names = new Set<string>();
  return feeds.map((feed) => {
    let name = isFeedName(feed.name) ? feed.name : 'feed';
    for (let number = 2; names.has(name); number += 1) name = `${feed.name}-${number}`;
    names.add(name);
    return { ...feed, name };
  });
}

/** Whether a feed may have something of the ecosystems: one that is named for another has not. Scores are for all. */
function isWanted({ name, kind }: FeedDefinition, only: readonly string[]): boolean {
  if (only.length === 0 || kind === 'kev' || kind === 'epss') return true;
  const bases = only.map((ecosystem) => ecosystem.split(':')[0]?.toLowerCase() ?? '');
  if (kind === 'debian-tracker') return bases.includes('debian');
  if (kind === 'secdb') return bases.includes('alpine');
  if (kind === 'updateinfo') return bases.includes('amazon linux');
  const named = ['almalinux', 'alpine', 'debian', 'red hat', 'rocky linux', 'suse', 'ubuntu', 'opensuse'];
  return !named.includes(name.toLowerCase()) || bases.includes(name.toLowerCase());
}

function describe({ name, outcome, part, error }: FeedOutcomeSummary): string {
  if (outcome === 'failed') {
    const rest = part ? `; that of ${new Date(part.updatedAt).toISOString().slice(0, 10)} still serves` : '';
    return `${name}: failed: ${error}${rest}\n`;
  }
  if (!part || outcome === 'skipped') return `${name}: nothing of what is wanted\n`;
  const { unreadable, withdrawn } = part.refused;
  const said = [
    `${part.records.toLocaleString('en')} records`,
    ...(withdrawn > 0 ? [`${withdrawn.toLocaleString('en')} withdrawn`] : []),
    ...(part.refused['names no CVE'] > 0 ? [`${part.refused['names no CVE'].toLocaleString('en')} without a CVE`] : []),
    ...(unreadable > 0 ? [`${unreadable.toLocaleString('en')} unreadable (${part.examples[0]})`] : []),
  ];
  return `${name}: ${outcome}, ${said.join(', ')}\n`;
}

const asJson = ({ digest, feeds }: UpdateSummary): object => ({
  digest: digest ?? null,
  feeds: feeds.map(({ name, outcome, part, error }) => ({
    name,
    outcome,
    ...(error !== undefined && { error }),
    ...(part && {
      kind: part.kind,
      source: part.source,
      records: part.records,
      refused: part.refused,
      notes: part.notes,
      examples: part.examples,
      updatedAt: new Date(part.updatedAt).toISOString(),
      digest: part.digest,
    }),
  })),
});
