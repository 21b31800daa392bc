import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream';
import { createZstdDecompress } from 'node:zlib';
import { FeedFault } from '../feed-fault.ts';
import type { FeedItem } from '../imported-record.ts';
import { textLines } from '../sources/text-lines.ts';
import { itemOfLine } from './part-line.ts';

const MAX_LINE = 64 * 1024 * 1024;

/** The items of a part. Throws {@link FeedFault} where it is not as it was written. */
export async function* readPart(path: string): AsyncGenerator<FeedItem> {
  try {
    const bytes = pipeline(createReadStream(path), createZstdDecompress(), () => undefined);
    for await (const line of textLines(bytes, MAX_LINE)) {
      if ('fault' in line) throw new FeedFault(`line ${line.number} of the part ${line.fault}`);
      yield itemOfLine(line.text);
    }
  } catch (error) {
    if (error instanceof FeedFault || !(error instanceof Error)) throw error;
    throw new FeedFault(`the part cannot be read (${error.message})`);
  }
}
