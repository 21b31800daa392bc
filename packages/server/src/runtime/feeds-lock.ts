import { dirname } from 'node:path';
import { makeDirectory } from '@assay/agent/make-directory.ts';
import { type FeedsDirectory, makeFeedsDirectory } from '../feeds/feeds-directory.ts';
import { holdingLock } from './holding-lock.ts';

/** Changes the feeds of a data directory while nobody else does. Throws {@link CliError} where somebody does. */
export function changeFeeds<T>(directory: FeedsDirectory, work: () => Promise<T> | T): Promise<T> {
  makeDirectory(dirname(directory.path));
  makeFeedsDirectory(directory);
  return holdingLock(directory.path, 'feeds', work);
}
