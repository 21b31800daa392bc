import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { FeedFault } from './feed-fault.ts';
import type { FeedsDirectory } from './feeds-directory.ts';
import type { FeedOrigin } from './index/feed-origin.ts';
import { openAdvisories } from './index/open-advisories.ts';

/** An index that is kept. */
export interface KeptGeneration {
  /** Its file in index/. */
  readonly name: string;
  readonly digest: string;
  /** When the newest of its feeds was taken, milliseconds since the epoch. */
  readonly takenAt: number;
  /** When the index was made, milliseconds since the epoch: it orders those of the same feeds' dates. */
  readonly builtAt: number;
  readonly feeds: readonly FeedOrigin[];
}

/** Every index of a directory that can be read, newest first. */
export function generationsIn(directory: FeedsDirectory): KeptGeneration[] {
  const files = readdirSync(directory.index, { withFileTypes: true }).filter((entry) => entry.name.endsWith('.sqlite'));
  return files
    .flatMap(({ name }) => describe(directory, name) ?? [])
    .sort((a, b) => b.takenAt - a.takenAt || b.builtAt - a.builtAt || (a.name < b.name ? 1 : -1));
}

function describe(directory: FeedsDirectory, name: string): KeptGeneration | undefined {
  try {
    const { digest, feeds, close } = openAdvisories(join(directory.index, name));
    close();
    const takenAt = Math.max(0, ...feeds.map(({ updatedAt }) => updatedAt));
    return { name, digest, feeds, takenAt, builtAt: statSync(join(directory.index, name)).mtimeMs };
  } catch (error) {
    if (error instanceof FeedFault) return undefined;
    throw error;
  }
}
