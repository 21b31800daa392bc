import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { constants, createZstdCompress } from 'node:zlib';
import type { UnreadableRecords } from '../../domain/advisories.ts';
import { FeedFault } from '../feed-fault.ts';
import { feedTally, nameOf } from '../feed-tally.ts';
import type { FeedItem, FeedOutcome, Refusal } from '../imported-record.ts';
import { itemLine } from './part-line.ts';

const BATCH = 64 * 1024;
const MAX_EXAMPLES = 20;

/** The feed is right, but has nothing of the ecosystems that are wanted. */
export class NothingWanted extends FeedFault {}

/** What a feed gave, in numbers, and the names of some that it could not be read from. */
export interface PartSummary {
  /** Advisories, scores, catalogue entries or dispositions taken. */
  readonly records: number;
  readonly refused: Readonly<Record<Refusal, number>>;
  /** Vectors and the like that were left out of records that were taken. */
  readonly notes: number;
  /** The first few unreadable ones and notes: `DEBIAN-CVE-2024-1: modified is no instant`. */
  readonly examples: readonly string[];
  /** The newest date in it, milliseconds since the epoch; absent where it has none. */
  readonly newestAt?: number;
  /** Those unreadable ones whose packages are not known either. */
  readonly unreadable?: UnreadableRecords;
  /** {@link READER}. */
  readonly reader?: number;
}

/** Changes when records are read otherwise than before, so that what was taken then is taken anew. */
export const READER = 4;

/** A part on disk. */
export interface WrittenPart extends PartSummary {
  /** SHA-256 of the file, hexadecimal, and its bytes. */
  readonly sha256: string;
  readonly bytes: number;
}

export interface PartOptions {
  /** Keeps only what is of this ecosystem, or of one that begins with it and a colon. */
  readonly only?: readonly string[];
  readonly onProgress?: (records: number) => void;
}

/**
 * Writes all that a feed gives as a part: lines of JSON, zstd. Throws {@link FeedFault} where the feed gives nothing, or
 * more that is unreadable than not: then it is not the feed that it was taken for.
 */
export async function writePart(
  path: string,
  outcomes: AsyncIterable<FeedOutcome>,
  { only = [], onProgress }: PartOptions = {},
): Promise<WrittenPart> {
  const refused: Record<Refusal, number> = { withdrawn: 0, 'names no CVE': 0, unreadable: 0 };
  const examples: string[] = [];
  const hash = createHash('sha256');
  const tally = feedTally();
  let [records, partly, notes, bytes] = [0, 0, 0, 0];
  const say = (example: string): void => {
    if (examples.length < MAX_EXAMPLES) examples.push(example);
  };

  async function* lines(): AsyncGenerator<string> {
    let batch = '';
    for await (const outcome of outcomes) {
      tally.count(outcome);
      if ('refusal' in outcome) {
        refused[outcome.refusal] += 1;
        // Beside the records: that one was taken back is no gap.
        if (outcome.refusal === 'withdrawn') batch += itemLine({ kind: 'withdrawn', id: outcome.what });
        if (outcome.refusal === 'unreadable') say(`${outcome.what}: ${outcome.reason}`);
        continue;
      }
      const item = only.length === 0 ? outcome.item : narrowed(outcome.item, only);
      if (item === undefined) continue;
      records += 1;
      if (outcome.unreadable) {
        refused.unreadable += 1;
        partly += 1;
        for (const reason of outcome.unreadable) say(`${nameOf(item)}: ${reason}`);
      }
      for (const note of outcome.notes ?? []) {
        notes += 1;
        say(`${nameOf(item)}: ${note}`);
      }
      batch += itemLine(item);
      if (batch.length < BATCH) continue;
      yield batch;
      batch = '';
      onProgress?.(records);
    }
    yield batch;
    onProgress?.(records);
  }
  async function* digested(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    for await (const chunk of chunks) {
      hash.update(chunk);
      bytes += chunk.length;
      yield chunk;
    }
  }

  const compress = createZstdCompress({ params: { [constants.ZSTD_c_compressionLevel]: 3 } });
  await pipeline(lines, compress, digested, createWriteStream(path, { mode: 0o600, flush: true }));
  if (records === 0 && refused.unreadable > 0) throw new FeedFault(`nothing in it can be read (${examples[0]})`);
  if (records === 0 && only.length > 0) throw new NothingWanted(`it has nothing of ${only.join(', ')}`);
  if (records === 0) throw new FeedFault('it is empty');
  // What names its packages is kept, so it says nothing against the feed.
  if (refused.unreadable - partly > records) throw new FeedFault(`most of it cannot be read (${examples[0]})`);
  return { records, refused, notes, examples, ...tally.told(), reader: READER, sha256: hash.digest('hex'), bytes };
}

/** What is left of an item when only some ecosystems are wanted. */
function narrowed(item: FeedItem, only: readonly string[]): FeedItem | undefined {
  const wanted = (ecosystem: string): boolean =>
    only.some((each) => ecosystem === each || ecosystem.startsWith(`${each}:`));
  if (item.kind === 'disposition') return wanted(item.ecosystem) ? item : undefined;
  if (item.kind !== 'advisory') return item;
  // A record that names no package at all tells that its publisher knows the CVE.
  if (item.advisory.entries.length === 0) return item;
  const entries = item.advisory.entries.filter(({ ecosystem }) => wanted(ecosystem));
  return entries.length === 0 ? undefined : { ...item, advisory: { ...item.advisory, entries } };
}
