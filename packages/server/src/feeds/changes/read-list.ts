import { stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DAY } from '../../domain/durations.ts';
import { FeedFault } from '../feed-fault.ts';
import type { PartLedger } from '../feed-state.ts';
import type { FeedsDirectory } from '../feeds-directory.ts';
import type { FeedPorts } from '../fetch/feed-ports.ts';
import { fetchHead } from '../fetch/fetch-head.ts';
import { fetchToFile, type Patience } from '../fetch/fetch-to-file.ts';
import { type Listed, modifiedIds } from './modified-ids.ts';

const MAX_CSV = 256 * 1024 * 1024;
/** What is asked for first: a thousand changes and more. */
const HEAD = 64 * 1024;
/** Changes are added on top of the list; now and then all of it is read to be sure. */
const WHOLE_EVERY = 7 * DAY;

export interface ListReading {
  readonly ports: FeedPorts;
  readonly directory: FeedsDirectory;
  readonly patience: Patience;
  /** Of `modified_id.csv`. */
  readonly url: string;
}

/** A publisher's list of changes; where it is not `whole`, its beginning down to what was known. */
export interface ChangeList {
  readonly lines: ReadonlyMap<string, Listed>;
  readonly whole: boolean;
  /** Bytes of all of it. */
  readonly size: number;
  readonly top: string;
  readonly at: number;
  readonly etag?: string;
}

/** All of a list of changes. Undefined where it is the one with the etag. Throws {@link FeedFault}. */
export async function wholeList(reading: ListReading, etag?: string): Promise<ChangeList | undefined> {
  const { ports, directory, patience, url } = reading;
  const file = join(directory.work, 'modified_id.csv');
  const known = etag === undefined ? {} : { known: { etag } };
  const fetched = await fetchToFile(ports, url, file, { maxBytes: MAX_CSV, patience, ...known });
  if (!fetched.changed) return undefined;
  const size = (await stat(file)).size;
  return listOf(await modifiedIds(file), { whole: true, size, at: ports.now(), etag: fetched.etag });
}

/**
 * The beginning of a list of changes, by a range of its bytes, where that reaches down to what was known; else undefined.
 * All of it from a server that gives no parts. Throws {@link FeedFault}.
 */
export async function headOfList(reading: ListReading, { list }: PartLedger): Promise<ChangeList | undefined> {
  const { ports, directory, patience, url } = reading;
  if (!list || ports.now() - list.at > WHOLE_EVERY) return undefined;
  const answer = await fetchHead(ports, url, HEAD, patience.answer);
  if (!answer) return undefined;
  if ('whole' in answer) return wholeIn(answer.whole, reading);
  const { head } = answer;
  const file = join(directory.work, 'modified_id.head.csv');
  await writeFile(file, head.lines, { mode: 0o600 });
  const lines = await modifiedIds(file);
  const reaches = [...lines.values()].at(-1);
  if (reaches === undefined || reaches.modified >= list.top) return undefined;
  return listOf(lines, { whole: false, size: head.size, at: list.at, etag: head.etag });
}

async function wholeIn(response: Response, { ports, directory }: ListReading): Promise<ChangeList | undefined> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  try {
    for await (const chunk of response.body ?? []) {
      size += chunk.length;
      if (size > MAX_CSV) throw new FeedFault('its list of changes is too large');
      chunks.push(chunk);
    }
  } catch (error) {
    if (error instanceof FeedFault) throw error;
    return undefined;
  }
  const file = join(directory.work, 'modified_id.csv');
  await writeFile(file, Buffer.concat(chunks), { mode: 0o600 });
  const etag = response.headers.get('etag') ?? undefined;
  return listOf(await modifiedIds(file), { whole: true, size, at: ports.now(), etag });
}

function listOf(
  lines: ReadonlyMap<string, Listed>,
  { etag, ...rest }: Omit<ChangeList, 'lines' | 'top' | 'etag'> & { readonly etag: string | undefined },
): ChangeList {
  const [first] = lines.values();
  const named = etag !== undefined && etag.length <= 200 ? { etag } : {};
  return { lines, ...rest, top: first?.modified ?? '', ...named };
}
