import { createHash } from 'node:crypto';
import { closeSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { BenchmarkContent, LeftOutRule } from '../domain/benchmarks.ts';
import { ContentFault } from './content-fault.ts';

/** Where SCAP content is kept, below a data directory. */
export interface ContentDirectory {
  readonly path: string;
  /** Names the generation that is in force. It changes in one step. */
  readonly current: string;
  /** Lists of content, by their digest. They never change. */
  readonly generations: string;
  /** `DIGEST.xml.gz`: data streams as agents are given them. */
  readonly streams: string;
  /** `DIGEST.json.gz`: what is read of a stream. */
  readonly indexes: string;
  /** What is being taken; anything in it may be deleted while nobody adds content. */
  readonly work: string;
}

/** A data stream that was taken. */
export interface ContentEntry extends BenchmarkContent {
  /** The file that it came from, as it was given. */
  readonly source: string;
  /** Milliseconds since the epoch. */
  readonly addedAt: number;
}

export function contentDirectory(dataDirectory: string): ContentDirectory {
  const path = join(dataDirectory, 'content');
  return {
    path,
    current: join(path, 'current.json'),
    generations: join(path, 'generations'),
    streams: join(path, 'streams'),
    indexes: join(path, 'indexes'),
    work: join(path, 'work'),
  };
}

/** In a data directory that is there. */
export function makeContentDirectory({ path, generations, streams, indexes, work }: ContentDirectory): void {
  for (const each of [path, generations, streams, indexes, work]) {
    try {
      mkdirSync(each, { mode: 0o700 });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
  }
}

/** The name of the generation in force; undefined where there is no content. Throws {@link ContentFault}. */
export function currentGeneration(directory: ContentDirectory): string | undefined {
  const text = readIfThere(directory.current);
  return text === undefined ? undefined : generationIn(directory, text);
}

/** The generation that the text of current.json names. Throws {@link ContentFault}. */
export function generationIn({ current }: ContentDirectory, text: string): string | undefined {
  const generation = parsed<{ generation?: unknown }>(text, current).generation;
  if (generation === null) return undefined;
  if (typeof generation !== 'string' || !/^[0-9a-f]{64}$/.test(generation)) throw damaged(current);
  return generation;
}

/** What is in force together. */
export interface ContentList {
  /** In the order of names. */
  readonly entries: readonly ContentEntry[];
  readonly leftOut: readonly LeftOutRule[];
}

/** The content of a generation. Throws {@link ContentFault} where it is gone or damaged. */
export function readGeneration({ generations }: ContentDirectory, name: string): ContentList {
  const file = join(generations, `${name}.json`);
  const text = readIfThere(file);
  if (text === undefined) throw new ContentFault(`${file} is gone`);
  const { entries, leftOut = [] } = parsed<Partial<ContentList>>(text, file);
  if (!Array.isArray(entries) || !Array.isArray(leftOut)) throw damaged(file);
  return { entries, leftOut };
}

/** The content in force. */
export function readContent(directory: ContentDirectory): ContentList {
  const name = currentGeneration(directory);
  return name === undefined ? { entries: [], leftOut: [] } : readGeneration(directory, name);
}

/** Puts a list of content in force: whoever reads sees the old one or the new one, whenever the power goes. */
export function writeContent(directory: ContentDirectory, { entries, leftOut }: ContentList): void {
  const sorted = entries.toSorted((a, b) => (a.name < b.name ? -1 : 1));
  if (sorted.length === 0) {
    replaceFile(directory.current, '{"generation":null}\n');
    return;
  }
  const named = sorted.map(({ name, digest }) => `${name} ${digest}\n`).join('');
  const identity = leftOut.length === 0 ? named : named + JSON.stringify(leftOut);
  const generation = createHash('sha256').update(identity).digest('hex');
  replaceFile(join(directory.generations, `${generation}.json`), `${JSON.stringify({ entries: sorted, leftOut })}\n`);
  replaceFile(directory.current, `${JSON.stringify({ generation })}\n`);
}

/** What puts the content in force, and the files of it; undefined where there never was any. Throws {@link ContentFault}. */
export function contentInForce(
  directory: ContentDirectory,
): { readonly text: string; readonly files: readonly string[] } | undefined {
  const text = readIfThere(directory.current);
  if (text === undefined) return undefined;
  const generation = generationIn(directory, text);
  if (generation === undefined) return { text, files: [] };
  const digests = new Set(readGeneration(directory, generation).entries.map(({ digest }) => digest));
  const files = [...digests].flatMap((digest) => [
    join(basename(directory.streams), `${digest}.xml.gz`),
    join(basename(directory.indexes), `${digest}.json.gz`),
  ]);
  return { text, files: [join(basename(directory.generations), `${generation}.json`), ...files] };
}

/** Puts a generation in force whose files are in their places: `text` is the current.json that names it. */
export function putInForce(directory: ContentDirectory, text: string): void {
  const generation = generationIn(directory, text);
  if (generation !== undefined) readGeneration(directory, generation);
  replaceFile(directory.current, text);
}

function parsed<T>(text: string, file: string): T {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null) return value as T;
  } catch {
    // Said below.
  }
  throw damaged(file);
}

const damaged = (file: string): ContentFault =>
  new ContentFault(`${file} is damaged: delete it and add the content again (assay content add)`);

/** Replaces a file whole, or not at all. */
function replaceFile(path: string, text: string): void {
  const draft = `${path}.new`;
  writeFileSync(draft, text, { mode: 0o600, flush: true });
  renameSync(draft, path);
  const directory = openSync(dirname(path), 'r');
  try {
    fsyncSync(directory);
  } finally {
    closeSync(directory);
  }
}

function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
