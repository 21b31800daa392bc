import { Command } from 'commander';
import type { Gap } from '../../domain/advisories.ts';
import { createGapCounts } from '../../engine/judging/gap-counts.ts';
import { allGaps, openGapsHere } from '../../engine/judging/open-gaps-of.ts';
import { feedsDirectory } from '../../feeds/feeds-directory.ts';
import { type OpenAdvisorySource, openAdvisorySource } from '../../runtime/advisory-source.ts';
import { dataDirectoryPath } from '../../runtime/data-directory.ts';
import { openStoreOf } from '../../runtime/open-store.ts';
import { report } from '../../runtime/report.ts';
import { listAll } from '../client/list-all.ts';
import { type ClientOptions, withClient, withClientOptions } from '../client/with-client.ts';
import { dataDirectoryOf, hasStore } from '../options/store-options.ts';
import { eraseLine } from '../terminal/guarded-output.ts';
import { nextSteps } from '../terminal/next-step.ts';
import { lineWidth, renderTable } from '../terminal/table.ts';

interface GapsOptions extends ClientOptions {
  readonly json?: boolean;
}

/** What is shown of one gap. */
interface ShownGap extends Pick<Gap, 'ecosystem' | 'cve' | 'package' | 'sibling' | 'siblingFixed' | 'why'> {
  /** Hosts that have the package without the fix. */
  readonly hosts: number;
}

export const feedsGapsCommand = (): Command =>
  withClientOptions(new Command('gaps'))
    .description('Show what the feeds seem to have forgotten, by what other feeds and the import before know')
    .option('--json', 'print JSON')
    .action(async (options: GapsOptions) => {
      const here = options.dataDir !== undefined || options.databaseUrl !== undefined;
      const endpoint = options.endpoint ?? (here ? undefined : process.env.ASSAY_ENDPOINT);
      const gaps = endpoint === undefined ? await shownGaps(options) : await gapsThere(options);
      if (gaps === undefined) {
        const text = nextSteps('No advisories have been downloaded yet. Download them: assay feeds update\n');
        process.stdout.write(options.json ? '[]\n' : text);
      } else process.stdout.write(options.json ? `${JSON.stringify(gaps, undefined, 2)}\n` : describe(gaps));
    });

/** What a server answers once it has counted all hosts, in the order of {@link shownGaps}. */
const gapsThere = (options: ClientOptions): Promise<ShownGap[] | undefined> =>
  withClient(options, async (client) => {
    const wait = waiting(process.stderr);
    for (;;) {
      let [digest, complete]: [string?, boolean?] = [];
      const gaps = await listAll(async (nextToken) => {
        const page = await client.assay('ListFeedGaps', {
          maxResults: 500,
          ...(nextToken === undefined ? {} : { nextToken }),
        });
        ({ digest, complete = true } = page);
        // What was counted so far is not wanted.
        return { items: page.gaps, nextToken: complete ? page.nextToken : undefined };
      });
      // One of a page that follows may be more than a minute old, and is counted anew.
      if (complete === false) {
        wait.show();
        continue;
      }
      wait.clear();
      if (digest === undefined) return undefined;
      return gaps
        .sort((a, b) => b.hosts - a.hosts)
        .map(({ ecosystem, cve, package: name, sibling, siblingFixed = null, why, hosts }) => {
          return { ecosystem, cve, package: name, sibling, siblingFixed, why, hosts };
        });
    }
  });

/** A line on a terminal while hosts are counted. */
function waiting(stream: NodeJS.WriteStream) {
  return {
    show: () => void (stream.isTTY && stream.write(`${eraseLine(stream)}  counting hosts …`)),
    clear: () => void (stream.isTTY && stream.write(eraseLine(stream))),
  };
}

/** Those that concern most hosts first; a package that no feed shows to be shipped only where a host has it. */
async function shownGaps(options: GapsOptions): Promise<ShownGap[] | undefined> {
  const source = openAdvisorySource(feedsDirectory(dataDirectoryPath(options.dataDir)), report);
  const wait = waiting(process.stderr);
  try {
    const generation = source.current();
    if (!generation) return undefined;
    wait.show();
    const hosts = await countsOf(options, source, generation.digest);
    return allGaps(generation.value)
      .map((gap, at) => ({ gap, hosts: hosts?.[at] ?? 0 }))
      .filter(({ gap, hosts: count }) => gap.shipped || count > 0)
      .sort((a, b) => b.hosts - a.hosts)
      .map(({ gap: { ecosystem, cve, package: name, sibling, siblingFixed, why }, hosts: count }) => {
        return { ecosystem, cve, package: name, sibling, siblingFixed, why, hosts: count };
      });
  } finally {
    wait.clear();
    source.close();
  }
}

async function countsOf(
  options: GapsOptions,
  advisories: OpenAdvisorySource,
  digest: string,
): Promise<Uint32Array | undefined> {
  if (!hasStore(options)) return undefined;
  const store = await openStoreOf(dataDirectoryOf(options));
  try {
    const count = createGapCounts({ store, knowledge: { advisories }, find: openGapsHere, now: () => Date.now() });
    return (await count(undefined, digest))?.hosts;
  } finally {
    await store.close();
  }
}

function describe(gaps: readonly ShownGap[]): string {
  if (gaps.length === 0) return 'No gaps were found: what the feeds here can tell of each other agrees.\n';
  const columns = ['ECOSYSTEM', 'CVE', 'PACKAGE', 'FIXED IN', 'KNOWN TO', 'HOSTS'].map((title) => ({ title }));
  const rows = gaps.map((gap) => [
    gap.ecosystem,
    gap.cve,
    gap.package,
    gap.siblingFixed ?? '',
    gap.sibling,
    String(gap.hosts),
  ]);
  const hosts = gaps.filter((gap) => gap.hosts > 0).length;
  return `${renderTable(columns, rows, lineWidth(process.stdout))}\n${gaps.length} gaps, ${hosts} of them on hosts here, where the CVE is not assessed. Why: --json\n`;
}
