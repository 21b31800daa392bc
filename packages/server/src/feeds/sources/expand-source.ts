import { type Dirent, readdirSync, statSync } from 'node:fs';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { FeedDefinition } from '../default-feeds.ts';
import { FeedFault } from '../feed-fault.ts';

const FILES = /\.(?:(?:jsonl|ndjson|json|csv|xml|zip)(?:\.gz)?|tar\.(?:zst|xz|gz))$/;
const MAX_FILES = 500;

/** Whether a name is one of a file that may be a feed. */
export const isFeedFile = (name: string): boolean => FILES.test(name);

export const isWebUrl = (source: string): boolean => /^https?:\/\//i.test(source);

/** The path that a source means that is no web address. */
export function localPath(source: string): string {
  return resolve(/^file:\/\//i.test(source) ? fileURLToPath(source) : source);
}

/**
 * The feeds that a URL, a file or a folder means, named after it: a folder is every file of it and of its folders that
 * looks like one. Throws {@link FeedFault} where there is nothing.
 */
export function expandSource(source: string): readonly FeedDefinition[] {
  if (isWebUrl(source)) {
    const parts = new URL(source).pathname.split('/').filter(Boolean).map(decodeURIComponent);
    return [{ name: nameOf(parts), source }];
  }
  const path = localPath(source);
  const found = statSync(path, { throwIfNoEntry: false });
  if (!found) throw new FeedFault(`${source} is not there`);
  if (!found.isDirectory()) return [{ name: nameOf([basename(dirname(path)), basename(path)]), source: path }];
  const files = readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => FILES.test(entry.name) && isFile(entry))
    .map((entry: Dirent) => relative(path, join(entry.parentPath, entry.name)))
    .sort();
  if (files.length === 0) throw new FeedFault(`${source} holds no feeds (zip, jsonl, json, csv, xml or tar)`);
  if (files.length > MAX_FILES) throw new FeedFault(`${source} holds more than ${MAX_FILES} files`);
  return files.map((file) => ({ name: plain(file.replace(FILES, '')), source: join(path, file) }));
}

/** A link to a file is one too. */
const isFile = (entry: Dirent): boolean =>
  entry.isFile() ||
  (entry.isSymbolicLink() &&
    statSync(join(entry.parentPath, entry.name), { throwIfNoEntry: false })?.isFile() === true);

/** Exports are all called `all.zip`, in a folder of the ecosystem's name. */
function nameOf(parts: readonly string[]): string {
  const [folder = '', file = ''] = parts.slice(-2);
  const name = (file || folder).replace(FILES, '');
  return plain(name === 'all' && file ? folder : name);
}

const plain = (name: string): string =>
  name
    .replaceAll(/[^A-Za-z0-9._ -]+/g, '-')
    .replaceAll(/^[^A-Za-z0-9]+|[^A-Za-z0-9]+$/g, '')
    .slice(0, 100) || 'feed';
