import type { Transaction } from '../../../store/store.ts';
import { compactLists, LOOSE } from '../../jobs/compact-lists.ts';
import type { ImportOutcome } from './import-kind.ts';
import { type KindName, kindNames } from './kinds.ts';
import { type ImportItem, readItem } from './read-item.ts';
import { type Line, readLines } from './read-lines.ts';
import { Refusal } from './refusal.ts';

export interface ImportSummary {
  /** Lines read; blank ones do not count. */
  lines: number;
  added: number;
  /** There already, with the same content. */
  unchanged: number;
  refused: number;
  readonly addedByKind: Partial<Record<KindName, number>>;
  /** The first refusals. */
  readonly refusals: LineNote[];
  /** Lines that were taken in without members that the API does not have. */
  withUnknownMembers: number;
  /** The first of them. */
  readonly unknownMembers: LineNote[];
}

export interface LineNote {
  /** From 1. */
  readonly line: number;
  readonly reason: string;
}

export interface ImportDeps {
  readonly transaction: Transaction;
  /** Whether an error says that another process holds the store. */
  readonly isUnavailable: (error: unknown) => boolean;
  /** Waits so many milliseconds. */
  readonly sleep: (milliseconds: number) => Promise<void>;
  /** Told after every batch. */
  readonly onProgress: (summary: Readonly<ImportSummary>) => void;
}

/** The stream ended in a fault: what came before it is in the store, as the summary says. */
export class UnreadableError extends Error {
  readonly summary: ImportSummary;
  constructor(cause: unknown, summary: ImportSummary) {
    super(cause instanceof Error ? cause.message : String(cause), { cause });
    this.summary = summary;
  }
}

/** Lines of one transaction, and their characters: what is in memory at once. */
const BATCH = 1000;
const BATCH_SIZE = 8 * 1024 * 1024;
/** Notes of each sort that the summary keeps. */
const NOTES = 20;
/** Changes of a list that wait for its segments while the import goes on. */
const UNSEALED = 50_000;
/** How often a batch is tried again while another process holds the store, a second apart (beside the store's own wait). */
const ATTEMPTS = 60;

/**
 * Takes history in from NDJSON, a line `{"kind": "assessmentRun", "item": …}` with the item as describe-* returned it.
 * A line that cannot be taken in is refused by its number, and what is there already is left as it is: importing twice
 * changes nothing. Throws {@link UnreadableError} when the stream breaks.
 */
export async function importHistory(deps: ImportDeps, chunks: AsyncIterable<Uint8Array>): Promise<ImportSummary> {
  const summary: ImportSummary = {
    lines: 0,
    added: 0,
    unchanged: 0,
    refused: 0,
    addedByKind: {},
    refusals: [],
    withUnknownMembers: 0,
    unknownMembers: [],
  };
  let batch: Entry[] = [];
  let size = 0;
  const flush = async (): Promise<void> => {
    const outcomes = await patiently(deps, () => deps.transaction((tables) => writeBatch(tables, batch)));
    for (const [index, entry] of batch.entries()) count(summary, entry, outcomes[index] ?? 'unchanged');
    batch = [];
    size = 0;
    deps.onProgress(summary);
    written += 1;
    // Not after every batch: rows that come in no order would have the same segments made again each time.
    if (written % (UNSEALED / BATCH) === 0) await seal(UNSEALED);
  };
  let written = 0;
  const patient: Transaction = (work, isolation) => patiently(deps, () => deps.transaction(work, isolation));
  const seal = (atLeast: number): Promise<void> =>
    compactLists({ changed: (least) => patient(({ lists }) => lists.changed(least)), transaction: patient }, atLeast);
  let fault: { readonly cause: unknown } | undefined;
  const lines = readLines(chunks);
  for (;;) {
    let next: IteratorResult<readonly Line[]>;
    try {
      next = await lines.next();
    } catch (cause) {
      fault = { cause };
      break;
    }
    if (next.done) break;
    for (const line of next.value) {
      if ('text' in line && line.text.trim() === '') continue;
      batch.push(readEntry(line));
      size += 'text' in line ? line.text.length : 0;
      if (batch.length >= BATCH || size >= BATCH_SIZE) await flush();
    }
  }
  if (batch.length > 0) await flush();
  await seal(LOOSE);
  if (fault) throw new UnreadableError(fault.cause, summary);
  return summary;
}

type Entry = { readonly line: number } & ({ readonly item: ImportItem } | { readonly refused: string });

function readEntry(line: Line): Entry {
  if ('fault' in line) return { line: line.number, refused: line.fault };
  try {
    return { line: line.number, item: readItem(line.text) };
  } catch (error) {
    if (error instanceof Refusal) return { line: line.number, refused: error.message };
    throw error;
  }
}

/** What became of each entry, in their order. */
async function writeBatch(
  tables: Parameters<Parameters<Transaction>[0]>[0],
  batch: readonly Entry[],
): Promise<ImportOutcome[]> {
  const groups = new Map<string, { readonly index: number; readonly item: ImportItem }[]>();
  const outcomes: ImportOutcome[] = [];
  for (const [index, entry] of batch.entries()) {
    if ('refused' in entry) {
      outcomes[index] = entry;
      continue;
    }
    const { kindName, place } = entry.item;
    const name = `${kindName} ${place.account} ${place.region}`;
    const group = groups.get(name) ?? [];
    group.push({ index, item: entry.item });
    groups.set(name, group);
  }
  // Parents first: some children are refused without them.
  const inOrder = [...groups.values()].sort((one, other) => rank(one[0]) - rank(other[0]));
  for (const group of inOrder) {
    const [first] = group;
    if (!first) continue;
    const { place, kind } = first.item;
    const scope = await tables.scopes.idOf({ account: place.account, region: place.region });
    const written = await kind.write(
      tables,
      scope,
      group.map(({ item }) => item),
    );
    for (const [at, { index }] of group.entries()) outcomes[index] = written[at] ?? 'unchanged';
  }
  return outcomes;
}

const rank = (first: { readonly item: ImportItem } | undefined): number =>
  first ? kindNames.indexOf(first.item.kindName) : 0;

function count(summary: ImportSummary, entry: Entry, outcome: ImportOutcome): void {
  const note = (notes: LineNote[], reason: string): void => {
    if (notes.length < NOTES) notes.push({ line: entry.line, reason });
  };
  summary.lines += 1;
  if (typeof outcome === 'object') {
    summary.refused += 1;
    note(summary.refusals, outcome.refused);
    return;
  }
  summary[outcome] += 1;
  if (!('item' in entry)) return;
  const { kindName, unknown } = entry.item;
  if (outcome === 'added') summary.addedByKind[kindName] = (summary.addedByKind[kindName] ?? 0) + 1;
  if (unknown.length > 0) {
    summary.withUnknownMembers += 1;
    note(summary.unknownMembers, `${unknown.slice(0, 5).join(', ')}${unknown.length > 5 ? ' …' : ''}`);
  }
}

/** Tries again while another process holds the store. */
async function patiently<T>({ isUnavailable, sleep }: ImportDeps, work: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work();
    } catch (error) {
      if (!isUnavailable(error) || attempt >= ATTEMPTS) throw error;
      await sleep(1000);
    }
  }
}
