import { dirname } from 'node:path';
import { makeDirectory } from '@assay/agent/make-directory.ts';
import { type ContentDirectory, makeContentDirectory } from '../content/content-directory.ts';
import { holdingLock } from './holding-lock.ts';

/** Changes the SCAP content of a data directory while nobody else does. Throws {@link CliError} where somebody does. */
export function changeContent<T>(directory: ContentDirectory, work: () => Promise<T> | T): Promise<T> {
  makeDirectory(dirname(directory.path));
  makeContentDirectory(directory);
  return holdingLock(directory.path, 'content', work);
}
