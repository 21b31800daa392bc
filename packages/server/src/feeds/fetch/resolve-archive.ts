import { readFile, rm } from 'node:fs/promises';
import { FeedFault } from '../feed-fault.ts';
import type { FeedPorts } from './feed-ports.ts';
import { fetchToFile, type Patience } from './fetch-to-file.ts';

/** The text holds one name. */
const MAX_BYTES = 4096;

/** Whether a source names the newest archive of a publisher's documents. */
export const isArchiveName = (source: string): boolean => /^https?:\/\/.*\/archive_latest\.txt$/i.test(source);

/** The folder that the archive, the documents and the lists of changes are in, of what {@link isArchiveName} is true for. */
export const folderOf = (source: string): string => source.slice(0, -'archive_latest.txt'.length);

/**
 * Where the newest archive is, which `archive_latest.txt` names. `file` is written over on the way. Throws
 * {@link FeedFault} where it cannot be had, or names anything but an archive beside it.
 */
export async function resolveArchive(
  ports: FeedPorts,
  source: string,
  file: string,
  patience?: Patience,
): Promise<string> {
  try {
    await fetchToFile(ports, source, file, { maxBytes: MAX_BYTES, ...(patience && { patience }) });
    const name = (await readFile(file, 'utf8')).trim();
    if (!/^[A-Za-z0-9][\w.-]{0,100}\.tar\.zst$/.test(name)) {
      throw new FeedFault('archive_latest.txt names no archive (a file that ends in .tar.zst)');
    }
    return `${folderOf(source)}${name}`;
  } finally {
    await rm(file, { force: true });
  }
}
