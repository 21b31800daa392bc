import { type Duplex, Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

/** Writes a document as fast as its reader takes it. A reader that has enough, such as `head`, is no fault. */
export async function intoStandardOutput(
  pieces: AsyncIterable<string>,
  through: readonly Duplex[] = [],
): Promise<void> {
  try {
    await pipeline([Readable.from(pieces, { highWaterMark: 1 }), ...through, process.stdout], { end: false });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPIPE') throw error;
  }
}
