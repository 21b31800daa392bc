import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { DAY } from '../../domain/durations.ts';
import { FeedFault } from '../feed-fault.ts';
import type { FeedPart, PartLedger } from '../feed-state.ts';
import type { FeedsDirectory } from '../feeds-directory.ts';
import type { FeedPorts } from '../fetch/feed-ports.ts';
import { fetchToFile, PATIENT, type Patience } from '../fetch/fetch-to-file.ts';
import { request } from '../fetch/request.ts';
import type { FeedOutcome } from '../imported-record.ts';
import { parseOsv } from '../osv/parse-osv.ts';
import { wholeJson } from '../sources/whole-json.ts';
import { idOf, type LedgerEntry, readLedger } from './ledger.ts';
import { merged } from './merged.ts';
import { type ChangeList, headOfList, type ListReading, wholeList } from './read-list.ts';

const MAX_RECORD = 32 * 1024 * 1024;
/** Records that are asked for one by one: with more, the whole archive is cheaper. */
const MAX_CHANGED = 1000;
/** Each is looked up; a list that lacks more is not believed. */
const MAX_DELETED = 50;
const AT_ONCE = 8;
/** What has been put together from changes for so long is taken whole again. */
const WHOLE_EVERY = 30 * DAY;

export interface Changing {
  readonly ports: FeedPorts;
  readonly directory: FeedsDirectory;
  readonly had: FeedPart;
  /** Where it comes from: `…/Debian/all.zip`. */
  readonly address: string;
  readonly patience: Patience | undefined;
}

/** `outcomes`: all that the feed gives now, of what there is and of what is new; undefined where nothing is new. */
export interface Changes {
  readonly outcomes: AsyncIterable<FeedOutcome> | undefined;
  /** What was known of the records before, but for those that changed. */
  readonly carried: ReadonlyMap<string, LedgerEntry>;
  readonly list: ChangeList | undefined;
}

/** Whether an address is one of an OSV export that has a list of changes beside it. */
export const hasChanges = (address: string): boolean => /^https?:\/\/[^/]+\/(?:.+\/)?[^/]+\/all\.zip$/i.test(address);

/**
 * What changed in an OSV export since its part was made, by `modified_id.csv`: changed records are fetched one by one, and
 * those that the list lacks are looked up, so that a list that is wrong deletes nothing. Undefined where the whole archive
 * has to be taken: too much changed, or the list cannot be believed. Never throws for what a publisher says.
 */
export async function takeChanges(changing: Changing): Promise<Changes | undefined> {
  const { ports, directory, had } = changing;
  const { ledger } = had;
  if (!ledger || ports.now() - ledger.wholeAt > WHOLE_EVERY) return undefined;
  try {
    const known = await readLedger(join(directory.parts, ledger.file), ledger.sha256);
    const patience = { ...(changing.patience ?? PATIENT), pauses: [1000] };
    const reading: ListReading = { ports, directory, patience, url: listAt(changing.address) };
    const head = await headOfList(reading, ledger);
    const list =
      head && (head.whole || isAll(head, known, ledger)) ? head : await wholeList(reading, ledger.list?.etag);
    if (!list) return { outcomes: undefined, carried: known, list: undefined };
    const changed = changedIn(list, known);
    const deleted = list.whole ? [...known.keys()].filter((id) => !list.lines.has(id)) : [];
    if (changed.length > MAX_CHANGED || deleted.length > MAX_DELETED) return undefined;
    if (changed.length + deleted.length === 0) return { outcomes: undefined, carried: known, list };
    if (!(await allGone(changing, deleted))) return undefined;
    const fresh = await records({ ...changing, patience }, changed);
    const carried = new Map(known);
    for (const id of [...changed, ...deleted]) carried.delete(id);
    return { outcomes: merged(join(directory.parts, had.file), carried, fresh), carried, list };
  } catch (error) {
    if (error instanceof FeedFault) return undefined;
    throw error;
  }
}

/** Where the list of changes of an export is. */
export const listAt = (address: string): string => `${address.slice(0, -'all.zip'.length)}modified_id.csv`;

const changedIn = ({ lines }: ChangeList, known: ReadonlyMap<string, LedgerEntry>): string[] =>
  [...lines].filter(([id, { modified }]) => (known.get(id)?.modified ?? '') < modified).map(([id]) => id);

/** Whether nothing but the changes at the top of a list makes it as long as it is: no line came or went below. */
function isAll(head: ChangeList, known: ReadonlyMap<string, LedgerEntry>, { list }: PartLedger): boolean {
  let size = list?.size ?? Number.NaN;
  for (const [id, { bytes }] of head.lines) {
    const entry = known.get(id);
    if (entry && entry.listed === undefined) return false;
    size += bytes - (entry?.listed ?? 0);
  }
  return size === head.size;
}

const recordAt = ({ address }: Changing, id: string): string =>
  `${address.slice(0, -'all.zip'.length)}${encodeURIComponent(id)}.json`;

/** Whether the publisher says of each record that it is not there any more. */
async function allGone(changing: Changing, ids: readonly string[]): Promise<boolean> {
  for (const id of ids) {
    const response = await request(changing.ports, recordAt(changing, id), {}, changing.patience?.answer).catch(
      () => undefined,
    );
    await response?.body?.cancel().catch(() => undefined);
    if (response?.status !== 404 && response?.status !== 410) return false;
  }
  return true;
}

async function records(changing: Changing, ids: readonly string[]): Promise<readonly FeedOutcome[]> {
  const outcomes: FeedOutcome[] = [];
  const waiting = [...ids.entries()];
  const work = async (): Promise<void> => {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      const [index, id] = next;
      const file = join(changing.directory.work, `change-${index}.json`);
      try {
        await fetchToFile(changing.ports, recordAt(changing, id), file, {
          maxBytes: MAX_RECORD,
          ...(changing.patience && { patience: changing.patience }),
        });
        const outcome = parseOsv(await wholeJson(file, MAX_RECORD), id);
        if (idOf(outcome) !== id) throw new FeedFault(`${id} has another id within`);
        outcomes.push(outcome);
      } catch (error) {
        waiting.length = 0;
        throw error;
      } finally {
        await rm(file, { force: true });
      }
    }
  };
  const ended = await Promise.allSettled(Array.from({ length: AT_ONCE }, work));
  for (const each of ended) if (each.status === 'rejected') throw each.reason;
  return outcomes;
}
