import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { documentName } from '../csaf/parse-csaf-vex.ts';
import { FeedFault } from '../feed-fault.ts';
import type { FeedsDirectory } from '../feeds-directory.ts';
import type { FeedPorts } from '../fetch/feed-ports.ts';
import { fetchHead } from '../fetch/fetch-head.ts';
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

/** What was changed and deleted at a publisher of VEX documents after some time, and more of it, by record id. */
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

/** What is asked of changes.csv first: 4,000 changes, newest first as CSAF has it (section 7.1.13). All of it has 4 MB. */
const HEAD = 256 * 1024;

/**
 * Reads `changes.csv` and `deletions.csv`, which are beside the documents. Of what changed, at least all after `since` (ISO
 * 8601): by the beginning of the list where it reaches down to that. Throws {@link FeedFault}.
 */
export async function vexLists(reading: ListsReading, since: string): Promise<VexLists> {
  const changed = (await changesDownTo(reading, since)) ?? (await listAt(reading, CHANGES));
  if (changed.size === 0) throw new FeedFault('changes.csv is empty');
  const deletions = await listAt(reading, 'deletions.csv');
  const deleted = new Map([...deletions].filter(([id, { at }]) => at > (changed.get(id)?.at ?? '')));
  const newest = [...changed.values(), ...deletions.values()].reduce((last, { at }) => (at > last ? at : last), '');
  return { changed: new Map([...changed].filter(([id]) => !deleted.has(id))), deleted, newest };
}

const CHANGES = 'changes.csv';

/**
 * The beginning of changes.csv; undefined where it does not reach so far, or is in another order: then it does not begin
 * with what is newest either.
 */
async function changesDownTo(
  { ports, patience, folder }: ListsReading,
  since: string,
): Promise<Map<string, ListedDocument> | undefined> {
  const answer = await fetchHead(ports, `${folder}${CHANGES}`, HEAD, patience.answer);
  // A server that gives no parts is asked in the usual way, which begins again where it is cut off.
  if (answer && 'whole' in answer) await answer.whole.body?.cancel().catch(() => undefined);
  if (!answer || 'whole' in answer) return undefined;
  const { listed, first, last, isOrdered } = await documentsIn(Readable.from([answer.head.lines]), CHANGES);
  return isOrdered && first >= since && last < since ? listed : undefined;
}

async function listAt(
  { ports, directory, patience, folder }: ListsReading,
  name: string,
): Promise<Map<string, ListedDocument>> {
  const file = join(directory.work, name);
  try {
    await fetchToFile(ports, `${folder}${name}`, file, { maxBytes: MAX_CSV, patience });
    return (await documentsIn(fileBytes(file, MAX_CSV), name)).listed;
  } catch (error) {
    if (!(error instanceof FeedFault)) throw error;
    throw new FeedFault(error.message.includes(name) ? error.message : `${name}: ${error.message}`);
  } finally {
    await rm(file, { force: true });
  }
}

interface ReadList {
  readonly listed: Map<string, ListedDocument>;
  /** Whether no date is later than the one before it; and the dates of the first and last line. */
  readonly isOrdered: boolean;
  readonly first: string;
  readonly last: string;
}

async function documentsIn(bytes: AsyncIterable<Uint8Array>, name: string): Promise<ReadList> {
  const listed = new Map<string, ListedDocument>();
  let [isOrdered, first, last] = [true, '', ''];
  for await (const line of textLines(bytes, MAX_LINE)) {
    const [, path = '', date = ''] = ('text' in line && LINE.exec(line.text)) || [];
    const at = instantOf(date);
    if (at === undefined) throw new FeedFault(`line ${line.number} of ${name} is no document and date`);
    if (last === '') first = at;
    else if (at > last) isOrdered = false;
    last = at;
    const id = documentName(path);
    if (at >= (listed.get(id)?.at ?? '')) listed.set(id, { path, at });
  }
  return { listed, isOrdered, first, last };
}
