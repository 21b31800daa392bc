import { closeSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { FeedFault } from './feed-fault.ts';
import type { CurrentState } from './feed-state.ts';

/** Where feeds are kept, below a data directory. */
export interface FeedsDirectory {
  readonly path: string;
  /** The feeds that were chosen; absent while they are the default ones. */
  readonly definitions: string;
  /** {@link CurrentState}: what is served. It changes in one step. */
  readonly current: string;
  readonly parts: string;
  readonly index: string;
  /** What is being fetched and built; anything in it may be deleted while nobody updates. */
  readonly work: string;
}

export function feedsDirectory(dataDirectory: string): FeedsDirectory {
  const path = join(dataDirectory, 'feeds');
  return {
    path,
    definitions: join(path, 'feeds.json'),
    current: join(path, 'current.json'),
    parts: join(path, 'parts'),
    index: join(path, 'index'),
    work: join(path, 'work'),
  };
}

/** In a data directory that is there. */
export function makeFeedsDirectory({ path, parts, index, work }: FeedsDirectory): void {
  for (const each of [path, parts, index, work]) {
    try {
      mkdirSync(each, { mode: 0o700 });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
  }
}

/** What is served; nothing before the first update. Throws {@link FeedFault} where the file is damaged. */
export function readCurrent(directory: FeedsDirectory): CurrentState {
  const text = readIfThere(directory.current);
  return text === undefined ? { version: 1, feeds: [] } : parseCurrent(directory, text);
}

/** What the text of such a file says is served. Throws {@link FeedFault} where it is damaged. */
export function parseCurrent({ current }: FeedsDirectory, text: string): CurrentState {
  try {
    const state = JSON.parse(text) as CurrentState;
    if (state.version === 1 && Array.isArray(state.feeds)) return state;
  } catch {
    // Said below.
  }
  throw new FeedFault(`${current} is damaged: delete it and run assay feeds update`);
}

/** Replaces a file whole, or not at all: whoever reads sees the old text or the new one, whenever the power goes. */
export function replaceFile(path: string, text: string): void {
  const draft = `${path}.new`;
  writeFileSync(draft, text, { mode: 0o600, flush: true });
  renameSync(draft, path);
  syncDirectory(dirname(path));
}

export function syncDirectory(path: string): void {
  const directory = openSync(path, 'r');
  try {
    fsyncSync(directory);
  } finally {
    closeSync(directory);
  }
}

export function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
