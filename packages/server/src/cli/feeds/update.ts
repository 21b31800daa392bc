import { join } from 'node:path';
import { Command } from 'commander';
import { ecosystemsFor } from '../../engine/judging/rules-package-catalog.ts';
import { FeedFault } from '../../feeds/feed-fault.ts';
import { type FeedsDirectory, makeFeedsDirectory } from '../../feeds/feeds-directory.ts';
import { alpineReleases } from '../../feeds/fetch/alpine-releases.ts';
import { type UpdateSummary, updateFeeds, type WantedFeed } from '../../feeds/update-feeds.ts';
import { wantedFeeds } from '../../feeds/wanted-feeds.ts';
import { feedPorts } from '../../runtime/feed-ports.ts';
import { keepYoungGenerationSmall } from '../../runtime/small-young-generation.ts';
import { chosenFeeds } from './chosen-feeds.ts';
import { describeOutcome } from './describe-outcome.ts';
import { feedsFrom } from './feeds-from.ts';
import { fleetSystems } from './fleet-systems.ts';
import { feedProgress } from './progress.ts';
import { reassessContinuous } from './reassess-continuous.ts';
import { thisSystem } from './this-system.ts';
import { updateThere } from './update-there.ts';
import { changingFeeds, type FeedsOptions, withFeedsOptions } from './with-feeds.ts';

interface UpdateOptions extends FeedsOptions {
  readonly endpoint?: string;
  readonly profile?: string;
  readonly from: readonly string[];
  readonly only: readonly string[];
  readonly all?: boolean;
}

const list = (value: string, before: readonly string[]): readonly string[] => [...before, value];

export const updateFeedsCommand = (): Command =>
  withFeedsOptions(new Command('update'))
    .description('Download new advisories; the previous ones stay in use until the update is complete')
    .option(
      '--from <path or URL>',
      'read this file, folder or URL instead of the configured feeds; repeatable',
      list,
      [],
    )
    .option('--all', 'update the feeds of every distribution, not just those of the hosts here')
    .option('--only <ecosystem>', 'update only this one, such as Debian:12 or Ubuntu; repeatable', list, [])
    .option('--endpoint <url>', 'have this server update its feeds')
    .option('--profile <name>', 'profile of the AWS credentials file that has the access key')
    .addHelpText(
      'after',
      '\nExit status: 0 all feeds are up to date, 1 a feed failed (its previous copy stays in use), 2 nothing was updated.',
    )
    .action((options: UpdateOptions) => {
      const endpoint = options.endpoint ?? (options.dataDir === undefined ? process.env.ASSAY_ENDPOINT : undefined);
      return endpoint === undefined ? updateHere(options) : updateThere({ ...options, endpoint });
    });

async function updateHere(options: UpdateOptions): Promise<void> {
  keepYoungGenerationSmall();
  const changed = await changingFeeds(options, async (directory) => {
    const feeds = options.from.length > 0 ? await feedsFrom(options.from) : await neededFeeds(directory, options);
    const progress = feedProgress(process.stderr);
    const summary = await updateFeeds(feedPorts(), directory, feeds, {
      only: options.from.length > 0 ? options.only : [],
      onProgress: progress.show,
    }).finally(progress.clear);
    process.stdout.write(
      options.json ? `${JSON.stringify(asJson(summary))}\n` : summary.feeds.map(describeOutcome).join(''),
    );
    if (summary.feeds.some(({ outcome }) => outcome === 'failed')) process.exitCode = 1;
    return directory;
  });
  const told = options.json ? process.stderr : process.stdout;
  await reassessContinuous(options, changed, (line) => told.write(`${line}\n`));
}

/**
 * The feeds that were asked for: of some ecosystems, else those that the hosts of this store need (this host's where there
 * are none yet), else all.
 */
async function neededFeeds(directory: FeedsDirectory, options: UpdateOptions): Promise<readonly WantedFeed[]> {
  const feeds = chosenFeeds(directory, options.only);
  if (options.only.length > 0) return wantedFeeds(feeds, options.only);
  if (options.all) return withAlpineReleases(directory, feeds);
  const fleet = await fleetSystems(options);
  const systems = fleet.length > 0 ? fleet : [await thisSystem()];
  const ecosystems = ecosystemsFor(systems, { siblings: true });
  if (ecosystems.length === 0) return feeds;
  const of = fleet.length > 0 ? 'the hosts here' : 'this host (no others are known)';
  process.stderr.write(`Feeds for ${of}: ${ecosystems.join(', ')}. Of every distribution: --all\n`);
  return wantedFeeds(chosenFeeds(directory, ecosystems), ecosystems);
}

/** With every release of Alpine that its index names; without it, those that are known here. */
async function withAlpineReleases(
  directory: FeedsDirectory,
  feeds: readonly WantedFeed[],
): Promise<readonly WantedFeed[]> {
  if (!feeds.some(({ kind }) => kind === 'secdb')) return feeds;
  makeFeedsDirectory(directory);
  try {
    const found = await alpineReleases(feedPorts(), join(directory.work, 'alpine-index'));
    const names = new Set([...feeds, ...found].map(({ name }) => name));
    const ecosystems = new Set(found.flatMap(({ ecosystem }) => ecosystem ?? []));
    return chosenFeeds(directory, [...ecosystems]).filter(({ name }) => names.has(name));
  } catch (error) {
    if (!(error instanceof FeedFault)) throw error;
    process.stderr.write(`Only the releases of Alpine that this version knows are updated: ${error.message}\n`);
    return feeds;
  }
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
