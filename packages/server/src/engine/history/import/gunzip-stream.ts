import { pipeline, Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';

/** A byte stream as it is, or decompressed when it begins as gzip does. Throws where the gzip is broken or cut short. */
export async function* gunzipStream(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const chunks = source[Symbol.asyncIterator]();
  let head = new Uint8Array(0);
  while (head.length < 2) {
    const next = await chunks.next();
    if (next.done) break;
    head = Buffer.concat([head, next.value]);
  }
  const whole = joined(head, chunks);
  if (head[0] !== 0x1f || head[1] !== 0x8b) {
    yield* whole;
    return;
  }
  // A failure on the way reaches the loop that reads the last stream: nothing is left for the callback.
  yield* pipeline(Readable.from(whole), createGunzip(), () => undefined);
}

async function* joined(head: Uint8Array, rest: AsyncIterator<Uint8Array>): AsyncGenerator<Uint8Array> {
  if (head.length > 0) yield head;
  for (let next = await rest.next(); !next.done; next = await rest.next()) yield next.value;
}
