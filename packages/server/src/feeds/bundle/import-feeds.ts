import { createHash, verify } from 'node:crypto';
import { type FileHandle, open, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { FeedFault } from '../feed-fault.ts';
import type { FeedState } from '../feed-state.ts';
import { type FeedsDirectory, makeFeedsDirectory, readCurrent } from '../feeds-directory.ts';
import { makeCurrent } from '../make-current.ts';
import { readPart } from '../parts/read-part.ts';
import { fileNameOf } from '../take-feed.ts';
import { type BundledFeed, type BundleHeader, MAGIC, MAX_HEADER, parseHeader } from './bundle-format.ts';
import { readPublicKey } from './signing-key.ts';

const CHUNK = 1024 * 1024;

/** The bundle is signed by nobody who is trusted here. */
export class UnknownKeyFault extends FeedFault {
  readonly publicKey: string;
  constructor(publicKey: string) {
    super(`it is signed with ${publicKey}, which is not trusted here`);
    this.publicKey = publicKey;
  }
}

export interface ImportSummary {
  readonly header: BundleHeader;
  /** Feeds taken, and those left because what is here is newer. */
  readonly taken: readonly string[];
  readonly kept: readonly string[];
  readonly digest?: string;
}

/**
 * Takes the feeds of a bundle that a trusted key has signed, and serves them. Nothing of it is believed before the
 * signature is checked, and no part before its SHA-256 is. Throws {@link UnknownKeyFault}, or {@link FeedFault}.
 */
export async function importFeeds(
  directory: FeedsDirectory,
  file: string,
  isTrusted: (publicKey: string) => boolean,
): Promise<ImportSummary> {
  makeFeedsDirectory(directory);
  const handle = await open(file);
  try {
    const { header, begin } = await readHead(handle, isTrusted);
    const before = readCurrent(directory);
    const states = new Map(before.feeds.map((state) => [state.name, state]));
    const taken: string[] = [];
    const kept: string[] = [];
    let position = begin;
    for (const feed of header.feeds) {
      const here = states.get(feed.name)?.part;
      // Old bundles may be signed well: advisories that are here never give way to older ones.
      if (here && here.updatedAt > feed.part.updatedAt) kept.push(feed.name);
      else {
        states.set(feed.name, await takePart(directory, handle, feed, position));
        taken.push(feed.name);
      }
      position += feed.part.bytes;
    }
    if ((await handle.stat()).size !== position) throw new FeedFault('it has more or less bytes than it says');
    const { digest } = await makeCurrent(directory, before, [...states.values()]);
    return { header, taken, kept, ...(digest !== undefined && { digest }) };
  } finally {
    await handle.close();
  }
}

async function readHead(
  handle: FileHandle,
  isTrusted: (publicKey: string) => boolean,
): Promise<{ header: BundleHeader; begin: number }> {
  const magic = Buffer.alloc(MAGIC.length + 1);
  await handle.read(magic, 0, magic.length, 0);
  if (magic.toString('latin1') !== `${MAGIC}\n`) throw new FeedFault('it is no bundle of feeds');
  const size = Math.min((await handle.stat()).size, MAX_HEADER) - magic.length;
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(Math.max(0, size)), 0, Math.max(0, size), magic.length);
  const head = buffer.subarray(0, bytesRead);
  const headerEnd = head.indexOf(10);
  const signatureEnd = headerEnd < 0 ? -1 : head.indexOf(10, headerEnd + 1);
  if (signatureEnd < 0 || signatureEnd - headerEnd > 200) throw new FeedFault('it is cut short, or no bundle of feeds');
  const line = head.subarray(0, headerEnd);
  const signed = head.subarray(headerEnd + 1, signatureEnd).toString('latin1');
  const signature = Buffer.from(signed, 'base64url');
  // Of what is not believed yet, only who says to have signed it is looked at.
  const claimed = /"publicKey":"(ed25519:[A-Za-z0-9_-]{43})"/.exec(line.subarray(0, 200).toString('latin1'))?.[1];
  if (claimed === undefined) throw new FeedFault('it does not say who signed it');
  if (!isTrusted(claimed)) throw new UnknownKeyFault(claimed);
  // One signature has one writing.
  const isWritten = signature.toString('base64url') === signed;
  if (!isWritten || !verify(null, line, readPublicKey(claimed), signature)) {
    throw new FeedFault('its signature is wrong: it was changed after it was signed, or damaged on the way');
  }
  return { header: parseHeader(line.toString('utf8')), begin: magic.length + signatureEnd + 1 };
}

async function takePart(
  directory: FeedsDirectory,
  from: FileHandle,
  { name, part }: BundledFeed,
  position: number,
): Promise<FeedState> {
  const draft = join(directory.work, `${fileNameOf(name)}.imported`);
  const to = await open(draft, 'w', 0o600);
  const hash = createHash('sha256');
  try {
    const buffer = Buffer.alloc(CHUNK);
    for (let done = 0; done < part.bytes; ) {
      const { bytesRead } = await from.read(buffer, 0, Math.min(CHUNK, part.bytes - done), position + done);
      if (bytesRead === 0) throw new FeedFault('it is cut short');
      hash.update(buffer.subarray(0, bytesRead));
      await to.write(buffer, 0, bytesRead, done);
      done += bytesRead;
    }
    await to.sync();
  } finally {
    await to.close();
  }
  if (hash.digest('hex') !== part.sha256) throw new FeedFault(`its part ${name} is not the one that was signed`);
  for await (const _ of readPart(draft)) {
    // Read once whole: a part that another version of Assay wrote otherwise is found here, not when it is served.
  }
  const file = `${fileNameOf(name)}-${part.sha256.slice(0, 16)}.zst`;
  await rename(draft, join(directory.parts, file));
  // How its exporter would ask for it again is of no use here.
  const { etag: _, lastModified: __, ...rest } = part;
  return { name, part: { ...rest, file } };
}
