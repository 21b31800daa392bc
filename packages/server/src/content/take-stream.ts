import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip, gzipSync } from 'node:zlib';
import type { BenchmarkContent } from '../domain/benchmarks.ts';
import type { ContentDirectory } from './content-directory.ts';
import { ContentFault } from './content-fault.ts';
import type { ContentFile } from './content-files.ts';
import { createStreamReader } from './read-data-stream.ts';

/** Of a data stream, unpacked: the largest that are published have 40 MB. */
const MAX_BYTES = 150 * 1024 * 1024;

/**
 * Reads a data stream to its end, keeps it and what was read of it under its digest, and says what it is. Nothing of it is
 * in force yet. Throws {@link ContentFault} for what is no data stream; nothing is kept then.
 */
export async function takeStream(directory: ContentDirectory, { name, bytes }: ContentFile): Promise<BenchmarkContent> {
  const draft = join(directory.work, name.replaceAll(/[^A-Za-z0-9._-]/g, '_').slice(0, 100));
  const hash = createHash('sha256');
  const reader = createStreamReader();
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let size = 0;
  const decoded = (piece?: Uint8Array): string => {
    try {
      return decoder.decode(piece, { stream: piece !== undefined });
    } catch {
      throw new ContentFault('it is not UTF-8');
    }
  };
  async function* seen(): AsyncGenerator<Uint8Array> {
    for await (const piece of bytes) {
      size += piece.length;
      if (size > MAX_BYTES) throw new ContentFault(`it has more than ${MAX_BYTES / 1024 / 1024} MiB`);
      hash.update(piece);
      reader.write(decoded(piece));
      yield piece;
    }
    reader.write(decoded());
  }
  try {
    await pipeline(
      Readable.from(seen()),
      createGzip({ level: 6 }),
      createWriteStream(draft, { mode: 0o600, flush: true }),
    );
    const { rules, ...about } = reader.end();
    if (about.profiles.length === 0) throw new ContentFault('no profile of it is aligned with a CIS benchmark');
    const digest = hash.digest('hex');
    const content: BenchmarkContent = { name: nameOf(about.benchmarkId), digest, size, ...about };
    const index = gzipSync(JSON.stringify({ ...content, rules }));
    await writeFile(`${draft}.index`, index, { mode: 0o600, flush: true });
    await rename(draft, join(directory.streams, `${digest}.xml.gz`));
    await rename(`${draft}.index`, join(directory.indexes, `${digest}.json.gz`));
    return content;
  } finally {
    await rm(draft, { force: true });
    await rm(`${draft}.index`, { force: true });
  }
}

/** `debian-12` for `xccdf_org.ssgproject.content_benchmark_DEBIAN-12`. */
const nameOf = (benchmarkId: string): string =>
  benchmarkId
    .replace(/^.*_benchmark_/, '')
    .toLowerCase()
    .replaceAll(/[^a-z0-9.]+/g, '-')
    .slice(0, 64);
