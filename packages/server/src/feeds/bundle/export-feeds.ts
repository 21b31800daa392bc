import { type KeyObject, sign } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { FeedFault } from '../feed-fault.ts';
import { type FeedsDirectory, readCurrent } from '../feeds-directory.ts';
import { isIntact } from '../take-feed.ts';
import { type BundleHeader, MAGIC } from './bundle-format.ts';
import { writePublicKey } from './signing-key.ts';

/** Writes all feeds that are served into one signed file. Throws {@link FeedFault} where there are none. */
export async function exportFeeds(
  directory: FeedsDirectory,
  file: string,
  { key, now }: { readonly key: KeyObject; readonly now: number },
): Promise<BundleHeader> {
  const feeds = readCurrent(directory).feeds.flatMap(({ name, part }) => (part ? [{ name, part }] : []));
  if (feeds.length === 0) throw new FeedFault('there are no feeds yet: run assay feeds update');
  for (const { name, part } of feeds) {
    if (!(await isIntact(directory, part))) throw new FeedFault(`what was kept of ${name} is damaged: update it`);
  }
  const header: BundleHeader = { createdAt: now, publicKey: writePublicKey(key), feeds };
  const line = JSON.stringify(header);
  const signature = sign(null, Buffer.from(line), key).toString('base64url');
  async function* bytes(): AsyncGenerator<string | Uint8Array> {
    yield `${MAGIC}\n${line}\n${signature}\n`;
    for (const { part } of feeds)
      yield* createReadStream(join(directory.parts, part.file)) as AsyncIterable<Uint8Array>;
  }
  const draft = `${file}.new`;
  try {
    await pipeline(bytes, createWriteStream(draft, { flush: true }));
    await rename(draft, file);
  } finally {
    await rm(draft, { force: true });
  }
  return header;
}
