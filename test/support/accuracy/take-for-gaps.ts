import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { gunzipSync } from 'node:zlib';
import type { Gap } from '../../../packages/server/src/domain/advisories.ts';
import {
  type FeedsDirectory,
  feedsDirectory,
  readCurrent,
} from '../../../packages/server/src/feeds/feeds-directory.ts';
import { openAdvisories } from '../../../packages/server/src/feeds/index/open-advisories.ts';
import { updateFeeds, type WantedFeed } from '../../../packages/server/src/feeds/update-feeds.ts';
import { sharedFile } from '../shared-data.ts';

/** A directory of feeds in a folder of that name, which is made. */
export function feedsIn(folder: string, name: string): FeedsDirectory {
  mkdirSync(join(folder, name));
  return feedsDirectory(join(folder, name));
}

/** The records of a distribution in the real data, a line each. */
export function linesOf(name: string): readonly string[] {
  const { file } = sharedFile(`data/osv/${name}.jsonl.gz`);
  return gunzipSync(readFileSync(file)).toString('utf8').split('\n').filter(Boolean);
}

/** A feed of these records, beside the directory. */
export function osvFeed({ path }: FeedsDirectory, name: string, lines: readonly string[]): WantedFeed {
  const source = join(path, '..', `${name}.jsonl`);
  writeFileSync(source, lines.join('\n'));
  return { name, kind: 'osv', source };
}

/** Takes the feeds, and returns the gaps that are seen then. Throws where one of them cannot be taken. */
export async function gapsAfter(directory: FeedsDirectory, feeds: readonly WantedFeed[]): Promise<readonly Gap[]> {
  const ports = {
    now: Date.now,
    fetch: () => Promise.reject(new Error('nothing is fetched')),
    sleep: delay,
    deadline: () => new AbortController().signal,
  };
  const taken = await updateFeeds(ports, directory, feeds);
  const failed = taken.feeds.find(({ outcome }) => outcome === 'failed');
  if (failed) throw new Error(`${failed.name}: ${failed.error}`);
  const open = openAdvisories(join(directory.index, readCurrent(directory).index ?? ''));
  const gaps = open.gaps(() => true);
  open.close();
  return gaps;
}
