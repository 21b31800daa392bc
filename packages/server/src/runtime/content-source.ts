import { statSync } from 'node:fs';
import { basename, join } from 'node:path';
import {
  type ContentDirectory,
  type ContentEntry,
  contentDirectory,
  currentGeneration,
} from '../content/content-directory.ts';
import { type OpenedContent, openContent } from '../content/open-content.ts';
import type { ContentSource } from '../engine/judging/content-source.ts';
import type { Snapshot } from '../engine/judging/knowledge-source.ts';

import { dataDirectoryPath } from './data-directory.ts';
import { report } from './report.ts';

/** How many generations are kept open: a benchmark that was read is some megabytes. */
const OPEN = 2;

/** The SCAP content below a data directory. What is damaged is reported, and runs go on without it. */
export function openContentSource(
  directory: ContentDirectory,
  report: (message: string, error: unknown) => void,
): ContentSource {
  const open = new Map<string, OpenedContent>();
  let reported = '';
  const look = (name: string): Snapshot<'content'> => {
    const file = join(directory.generations, `${name}.json`);
    const value = open.get(name) ?? openContent(file);
    open.delete(name);
    open.set(name, value);
    for (const eldest of [...open.keys()].slice(0, -OPEN)) open.delete(eldest);
    return { name, file, digest: value.digest, feeds: value.all.map(sourceOf), value, release: () => undefined };
  };
  const guarded = <T>(act: () => T | undefined): T | undefined => {
    try {
      return act();
    } catch (error) {
      const message = (error as Error).message;
      if (message !== reported) report('The SCAP content cannot be read; runs go on without it', error);
      reported = message;
      return undefined;
    }
  };
  return {
    current: () =>
      guarded(() => {
        const name = currentGeneration(directory);
        return name === undefined ? undefined : look(name);
      }),
    named: (name) => {
      const file = join(directory.generations, `${name}.json`);
      if (basename(file, '.json') !== name || !statSync(file, { throwIfNoEntry: false })) return undefined;
      return guarded(() => look(name));
    },
    streamFile: (digest) => {
      const file = join(directory.streams, `${digest}.xml.gz`);
      return /^[0-9a-f]{64}$/.test(digest) && statSync(file, { throwIfNoEntry: false }) ? file : undefined;
    },
  };
}

/** As a run notes it: the profiles' benchmark is what ages, not the file. */
function sourceOf({ name, digest, addedAt, profiles }: ContentEntry) {
  const [released] = profiles.flatMap((profile) => (profile.released === undefined ? [] : [profile.released])).sort();
  return { name, digest, updatedAt: addedAt, ...(released === undefined ? {} : { newestAt: Date.parse(released) }) };
}

/** That of the data directory which a command is given. */
export const contentOf = ({ dataDir }: { readonly dataDir?: string | undefined }): ContentSource =>
  openContentSource(contentDirectory(dataDirectoryPath(dataDir)), report);
