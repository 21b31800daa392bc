import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { DAY } from '../../domain/durations.ts';
import { FeedFault } from '../feed-fault.ts';
import type { FeedPart } from '../feed-state.ts';
import { fetchToFile } from '../fetch/fetch-to-file.ts';
import type { FeedOutcome } from '../imported-record.ts';
import { csafVexText, MAX_DOCUMENT } from '../sources/csaf-vex.ts';
import { idOf, type LedgerEntry, readLedger } from './ledger.ts';
import { merged } from './merged.ts';
import { type ListedDocument, type ListsReading, type VexLists, vexLists } from './vex-lists.ts';

/** Documents that are fetched one by one after the archive, which is up to a week old. */
const MAX_CHANGED = 20_000;
/** With more, the next archive is cheaper. */
const MAX_CHANGED_SINCE = 5_000;
const AT_ONCE = 8;
/** What has been put together from changes for so long is taken whole again. */
const WHOLE_EVERY = 30 * DAY;
/** Under which it is told what of the changes could not be had. */
const REMARK = 'changes.csv';

/** Changed documents, and what is gone; `until`: the newest date of the lists up to which nothing is missing. */
export interface VexChanges {
  /** Of records that the lists replace or delete. */
  readonly replaced: ReadonlySet<string>;
  readonly fresh: readonly FeedOutcome[];
  readonly until?: string;
}

/** All that a feed of VEX documents gives now. */
export interface VexUpdate {
  /** Undefined where nothing is new. */
  readonly outcomes: AsyncIterable<FeedOutcome> | undefined;
  readonly carried: ReadonlyMap<string, LedgerEntry>;
  readonly until: string;
}

/**
 * What changed in Red Hat's VEX documents since a part was made of them, by `changes.csv` and `deletions.csv`. Undefined
 * where the archive has to be taken: too much changed, or too long ago. Throws {@link FeedFault} where the lists cannot
 * be had.
 */
export async function takeVexChanges(
  reading: ListsReading,
  { ledger, file }: FeedPart,
): Promise<VexUpdate | undefined> {
  const { ports, directory } = reading;
  if (ledger?.until === undefined || ports.now() - ledger.wholeAt > WHOLE_EVERY) return undefined;
  const known = await readLedger(join(directory.parts, ledger.file), ledger.sha256).catch((error: unknown) => {
    if (error instanceof FeedFault) return undefined;
    throw error;
  });
  if (!known) return undefined;
  const { until } = ledger;
  const lists = await vexLists(reading, until);
  if (changedSince(lists, until).length > MAX_CHANGED_SINCE) return undefined;
  const changes = await documentsSince(reading, lists, until);
  if (changes.replaced.size === 0 && changes.fresh.length === 0 && !known.has(REMARK)) {
    return { outcomes: undefined, carried: known, until };
  }
  const carried = new Map([...known].filter(([id]) => id !== REMARK && !changes.replaced.has(id)));
  const part = join(directory.parts, file);
  return { outcomes: merged(part, carried, changes.fresh), carried, until: changes.until ?? until };
}

/**
 * What changed after an archive was made (ISO 8601, as far as it is known). Never throws for what a publisher is like:
 * what cannot be had is told as a record that could not be read.
 */
export async function changesAfterArchive(reading: ListsReading, archived: string): Promise<VexChanges> {
  try {
    const lists = await vexLists(reading, archived);
    const { length } = changedSince(lists, archived);
    if (length > MAX_CHANGED) {
      const reason = `${length} documents changed since the archive was made (${archived.slice(0, 10)}), more than are fetched one by one (${MAX_CHANGED})`;
      return { replaced: new Set(), fresh: [remark(reason)] };
    }
    return await documentsSince(reading, lists, archived);
  } catch (error) {
    if (!(error instanceof FeedFault)) throw error;
    const reason = `what changed since the archive was made (${archived.slice(0, 10)}) is not known: ${error.message}`;
    return { replaced: new Set(), fresh: [remark(reason)] };
  }
}

/** The outcomes of an archive with what changed since. */
export async function* withVexChanges(
  outcomes: AsyncIterable<FeedOutcome>,
  { replaced, fresh }: VexChanges,
): AsyncGenerator<FeedOutcome> {
  for await (const outcome of outcomes) if (!replaced.has(idOf(outcome))) yield outcome;
  yield* fresh;
}

const remark = (reason: string): FeedOutcome => ({ refusal: 'unreadable', what: REMARK, reason });

const changedSince = ({ changed }: VexLists, since: string): [string, ListedDocument][] =>
  [...changed].filter(([, { at }]) => at > since);

async function documentsSince(reading: ListsReading, lists: VexLists, since: string): Promise<VexChanges> {
  const replaced = new Set<string>();
  const fresh: FeedOutcome[] = [];
  for (const [id, { at }] of lists.deleted) {
    if (at <= since) continue;
    replaced.add(id);
    fresh.push({ refusal: 'withdrawn', what: id, reason: `deleted ${at}`, modified: at });
  }
  const waiting = changedSince(lists, since);
  const failed: { readonly id: string; readonly at: string; readonly reason: string }[] = [];
  const work = async (lane: number): Promise<void> => {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      const [id, document] = next;
      try {
        const outcome = await documentAt(reading, id, document, lane);
        replaced.add(id);
        fresh.push(outcome);
      } catch (error) {
        if (!(error instanceof FeedFault)) throw error;
        failed.push({ id, at: document.at, reason: error.message });
      }
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, (_, lane) => work(lane)));
  const [first] = failed;
  if (!first) return { replaced, fresh, until: lists.newest };
  // The next update asks for all from the earliest of them on again.
  const earliest = failed.map(({ at }) => at).sort()[0] ?? since;
  const before = [...lists.changed.values()].map(({ at }) => at).filter((at) => at > since && at < earliest);
  const which = failed.length === 1 ? 'one changed document' : `${failed.length} changed documents`;
  fresh.push(remark(`${which} could not be had, ${first.id} among them: ${first.reason}`));
  return { replaced, fresh, until: before.sort().at(-1) ?? since };
}

/** Throws {@link FeedFault} where the document cannot be had; one that cannot be read is an outcome. */
async function documentAt(
  { ports, directory, patience, folder }: ListsReading,
  id: string,
  { path }: ListedDocument,
  lane: number,
): Promise<FeedOutcome> {
  const file = join(directory.work, `document-${lane}.json`);
  try {
    await fetchToFile(ports, `${folder}${path}`, file, { maxBytes: MAX_DOCUMENT, patience });
    const outcome = csafVexText(await readFile(file), path);
    if (idOf(outcome) === id) return outcome;
    return { refusal: 'unreadable', what: id, reason: 'the document is of another CVE' };
  } finally {
    await rm(file, { force: true });
  }
}
