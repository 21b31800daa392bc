import { readFile, rm } from 'node:fs/promises';
import { ALPINE_SECDB, type FeedDefinition } from '../default-feeds.ts';
import { FeedFault } from '../feed-fault.ts';
import type { FeedPorts } from './feed-ports.ts';
import { fetchToFile } from './fetch-to-file.ts';

const MAX_BYTES = 1024 * 1024;
const MAX_RELEASES = 100;

/**
 * The feeds of every release of Alpine, by the index of its security database: releases come twice a year, and the oldest
 * have no `community`. `file` is written over on the way. Throws {@link FeedFault} where the index cannot be had.
 */
export async function alpineReleases(
  ports: FeedPorts,
  file: string,
  source = ALPINE_SECDB,
): Promise<readonly FeedDefinition[]> {
  const base = ports.rewrite?.(`${source}/`) ?? `${source}/`;
  const linksAt = async (url: string): Promise<readonly string[]> => {
    try {
      await fetchToFile(ports, url, file, { maxBytes: MAX_BYTES });
      return [...(await readFile(file, 'utf8')).matchAll(/href="([\w.-]+\/?)"/g)].map(([, link = '']) => link);
    } finally {
      await rm(file, { force: true });
    }
  };
  const releases = (await linksAt(base)).flatMap((link) => /^v(\d+\.\d+)\/$/.exec(link)?.[1] ?? []);
  if (releases.length === 0) throw new FeedFault('the index of Alpine’s security database names no release');
  const feeds: FeedDefinition[] = [];
  for (const release of new Set(releases.slice(0, MAX_RELEASES))) {
    for (const link of await linksAt(`${base}v${release}/`)) {
      const repository = /^(main|community)\.json$/.exec(link)?.[1];
      if (repository === undefined) continue;
      const name = `alpine-${release}-${repository}`;
      feeds.push({ name, ecosystem: `Alpine:v${release}`, kind: 'secdb', source: `${source}/v${release}/${link}` });
    }
  }
  return feeds;
}
