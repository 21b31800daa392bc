import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { documentName } from '../csaf/parse-csaf-vex.ts';
import { FeedFault } from '../feed-fault.ts';
import type { FeedsDirectory } from '../feeds-directory.ts';
import type { FeedPorts } from '../fetch/feed-ports.ts';
import { fetchToFile, type Patience } from '../fetch/fetch-to-file.ts';
import { instantOf } from '../hostile-value.ts';
import { fileBytes } from '../sources/file-bytes.ts';
import { textLines } from '../sources/text-lines.ts';

const MAX_CSV = 64 * 1024 * 1024;
const MAX_LINE = 400;
const LINE = /^"?(\d{4}\/cve-\d{4}-\d{4,10}\.json)"?\s*,\s*"?([^",\s]{1,40})"?$/i;

/** A document in a list: its path below the folder, and when it was changed or deleted (ISO 8601, in UTC to the second). */
export interface ListedDocument {
  readonly path: string;
  readonly at: string;
}

/** What was changed and deleted at a publisher of VEX documents, by record id. */
export interface VexLists {
  readonly changed: ReadonlyMap<string, ListedDocument>;
  /** Those that were deleted after they were last changed. */
  readonly deleted: ReadonlyMap<string, ListedDocument>;
  /** The newest date of either. */
  readonly newest: string;
}

export interface ListsReading {
  readonly ports: FeedPorts;
  readonly directory: FeedsDirectory;
  readonly patience: Patience;
  /** Of the lists, with its slash. */
  readonly folder: string;
}

/** Reads `changes.csv` and `deletions.csv`, which are beside the documents. Throws {@link FeedFault}. */
export async function vexLists(reading: ListsReading): Promise<VexLists> {
  const changed = await listAt(reading, 'changes.csv');
  if (changed.size === 0) throw new FeedFault('changes.csv is empty');
  const deletions = await listAt(reading, 'deletions.csv');
  const deleted = new Map([...deletions].filter(([id, { at }]) => at > (changed.get(id)?.at ?? '')));
  const newest = [...changed.values(), ...deletions.values()].reduce((last, { at }) => (at > last ? at : last), '');
  return { changed: new Map([...changed].filter(([id]) => !deleted.has(id))), deleted, newest };
}

async function listAt(
  { ports, directory, patience, folder }: ListsReading,
  name: string,
): Promise<Map<string, ListedDocument>> {
  const file = join(directory.work, name);
  try {
    await fetchToFile(ports, `${folder}${name}`, file, { maxBytes: MAX_CSV, patience });
    const found = new Map<string, ListedDocument>();
    for await (const line of textLines(fileBytes(file, MAX_CSV), MAX_LINE)) {
      const [, path = '', date = ''] = ('text' in line && LINE.exec(line.text)) || [];
      const at = instantOf(date);
      if (at === undefined) throw new FeedFault(`line ${line.number} of ${name} is no document and date`);
      const id = documentName(path);
      if (at >= (found.get(id)?.at ?? '')) found.set(id, { path, at });
    }
    return found;
  } catch (error) {
    if (!(error instanceof FeedFault)) throw error;
    throw new FeedFault(error.message.includes(name) ? error.message : `${name}: ${error.message}`);
  } finally {
    await rm(file, { force: true });
  }
}
