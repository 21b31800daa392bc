import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { zstdCompress, zstdDecompress } from 'node:zlib';
import { FeedFault } from '../feed-fault.ts';
import { nameOf } from '../feed-tally.ts';
import type { FeedOutcome } from '../imported-record.ts';

const MAX_BYTES = 512 * 1024 * 1024;

/** What was said of a record beside the item itself: why it was refused, or what of it could not be read. */
export type Remark = Omit<Extract<FeedOutcome, { readonly item: unknown }>, 'item'> | Refused;
type Refused = Extract<FeedOutcome, { readonly refusal: unknown }>;

/** One record that a feed was read from, whether it was taken or not. */
export interface LedgerEntry {
  /** When it was changed, in ISO 8601 to the second; absent where it does not say. */
  readonly modified?: string;
  readonly remark: Remark;
  /** Bytes of its line in the publisher's list of changes, where that was read. */
  readonly listed?: number;
}

/** Every record that a part was made from, by id. Undefined where two have one id: their parts cannot be told apart. */
export interface LedgerDraft {
  readonly add: (outcome: FeedOutcome) => void;
  readonly entries: () => ReadonlyMap<string, LedgerEntry> | undefined;
}

/** `carried`: what was known before, which is known until something else is added of it. */
export function ledgerDraft(carried: ReadonlyMap<string, LedgerEntry> = new Map()): LedgerDraft {
  const entries = new Map(carried);
  const added = new Set<string>();
  let unique = true;
  return {
    add: (outcome) => {
      const id = idOf(outcome);
      if (added.has(id)) unique = false;
      added.add(id);
      entries.set(id, entryOf(outcome));
    },
    entries: () => (unique ? entries : undefined),
  };
}

/** The record's id; of an entry of an archive that could not be read, what its name says. */
export const idOf = (outcome: FeedOutcome): string =>
  'item' in outcome ? nameOf(outcome.item) : outcome.what.replace(/^.*\//, '').replace(/\.json$/, '');

function entryOf(outcome: FeedOutcome): LedgerEntry {
  if ('refusal' in outcome) {
    const { modified, ...remark } = outcome;
    return { ...(modified === undefined ? {} : { modified }), remark };
  }
  const { item, ...remark } = outcome;
  return { ...(item.kind === 'advisory' ? { modified: item.advisory.record.modified } : {}), remark };
}

/** The entries with the bytes of their lines in a list. */
export const withLines = (
  entries: ReadonlyMap<string, LedgerEntry>,
  bytesOf: (id: string) => number | undefined,
): ReadonlyMap<string, LedgerEntry> =>
  new Map(
    [...entries].map(([id, entry]) => {
      const listed = bytesOf(id);
      return [id, listed === undefined ? entry : { ...entry, listed }];
    }),
  );

/** Writes a ledger beside its part, and returns the SHA-256 of the file. */
export async function writeLedger(path: string, entries: ReadonlyMap<string, LedgerEntry>): Promise<string> {
  const text = [...entries]
    .map(([id, { modified, remark, listed }]) => JSON.stringify([id, modified ?? null, remark, listed ?? null]))
    .join('\n');
  const bytes = await promisify(zstdCompress)(text);
  await writeFile(path, bytes, { mode: 0o600, flush: true });
  return createHash('sha256').update(bytes).digest('hex');
}

/** Throws {@link FeedFault} where it is not as it was written. */
export async function readLedger(path: string, sha256: string): Promise<ReadonlyMap<string, LedgerEntry>> {
  try {
    const bytes = await readFile(path);
    if (createHash('sha256').update(bytes).digest('hex') !== sha256) throw new FeedFault('its ledger is damaged');
    const unpacked = await promisify(zstdDecompress)(bytes, { maxOutputLength: MAX_BYTES });
    const lines = unpacked.toString('utf8').split('\n').filter(Boolean);
    return new Map(
      lines.map((line) => {
        const [id, modified, remark, listed] = JSON.parse(line) as [string, string | null, Remark, number | null];
        const entry = { ...(modified === null ? {} : { modified }), ...(listed === null ? {} : { listed }), remark };
        return [id, entry];
      }),
    );
  } catch (error) {
    if (error instanceof FeedFault || !(error instanceof Error)) throw error;
    throw new FeedFault(`its ledger cannot be read (${error.message})`);
  }
}
