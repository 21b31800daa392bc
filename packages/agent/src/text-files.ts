import type { TextFile } from '@assay/model/evidence/document.ts';
import { type Collection, note, type ReadOptions, readText } from './collection.ts';

/**
 * Of all text files of one document together, in characters: even all of it escaped (six characters for one) stays
 * below the protocol's maximum, and so does what gzip makes of it.
 */
const MAX_TOTAL = 3 * 1024 * 1024;

/** Reads a text file into `files`, once a path, and gives its content; undefined and a limitation where it cannot be. */
export async function addTextFile(
  collection: Collection,
  files: TextFile[],
  path: string,
  { max, ...options }: { readonly max: number } & Pick<ReadOptions, 'optional' | 'reduce'>,
): Promise<string | undefined> {
  const known = files.find((file) => file.path === path);
  if (known) return known.content;
  if (path.length > 1024 || !path.isWellFormed() || path.includes('\ufffd')) {
    note(collection, 'UNREADABLE', path, 'a name that is too long or is not text');
    return undefined;
  }
  if (files.length >= max) {
    note(collection, 'TOO_LARGE', path, `left out: more than ${max} files`);
    return undefined;
  }
  const content = await readText(collection, path, options);
  if (content === undefined) return undefined;
  if (files.reduce((total, file) => total + file.content.length, content.length) > MAX_TOTAL) {
    note(collection, 'TOO_LARGE', path, `left out: more than ${MAX_TOTAL} characters of files`);
    return undefined;
  }
  files.push({ path, content });
  return content;
}
