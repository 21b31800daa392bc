import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { isNewer } from '../domain/benchmarks.ts';
import { type ContentDirectory, type ContentEntry, readContent, writeContent } from './content-directory.ts';
import { ContentFault } from './content-fault.ts';
import { contentFiles } from './content-files.ts';
import { takeStream } from './take-stream.ts';

/** What came of a file that was added. */
export interface AddedContent {
  readonly added: readonly ContentEntry[];
  /** Data streams that were not taken, and why. */
  readonly leftOut: readonly { readonly name: string; readonly reason: string }[];
  /** Names of those that are older than what they replace. */
  readonly older: readonly string[];
}

/**
 * Takes the data streams in a file and puts them in force, in place of those for the same systems. One that cannot be used
 * is left out with the reason. Throws {@link ContentFault} where the file holds none at all.
 */
export async function addContent(
  directory: ContentDirectory,
  path: string,
  { source, now, onFile }: { source: string; now: number; onFile: (name: string) => void },
): Promise<AddedContent> {
  const added: ContentEntry[] = [];
  const leftOut: { name: string; reason: string }[] = [];
  for await (const file of contentFiles(path)) {
    onFile(file.name);
    try {
      added.push({ ...(await takeStream(directory, file)), source, addedAt: now });
    } catch (error) {
      if (!(error instanceof ContentFault)) throw error;
      leftOut.push({ name: file.name, reason: error.message });
    }
  }
  if (added.length === 0 && leftOut.length === 0)
    throw new ContentFault('there is no SCAP data stream in it (…-ds.xml)');
  const older: string[] = [];
  const names = new Set(added.map(({ name }) => name));
  if (added.length > 0) {
    const { entries, leftOut: rules } = readContent(directory);
    for (const { name } of added.filter((each) => entries.some((old) => old.name === each.name && isNewer(old, each))))
      older.push(name);
    const kept = entries.filter(({ name }) => !names.has(name));
    writeContent(directory, { entries: [...kept, ...added], leftOut: rules });
  }
  return { added, leftOut, older };
}

/** Takes content out of force and deletes it. Throws {@link ContentFault} where there is none of this name. */
export function removeContent(directory: ContentDirectory, name: string): ContentEntry {
  const { entries: all, leftOut } = readContent(directory);
  const removed = all.find((entry) => entry.name === name);
  if (!removed) {
    const names = all.map((entry) => entry.name).join(', ');
    throw new ContentFault(`there is no content ${name}${names === '' ? ', nor any other' : `; there is ${names}`}`);
  }
  writeContent(directory, { entries: all.filter((entry) => entry !== removed), leftOut });
  rmSync(join(directory.streams, `${removed.digest}.xml.gz`), { force: true });
  rmSync(join(directory.indexes, `${removed.digest}.json.gz`), { force: true });
  return removed;
}
