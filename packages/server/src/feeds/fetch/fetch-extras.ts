import { createHash } from 'node:crypto';
import { open, readFile, rm } from 'node:fs/promises';
import { JsonBoundsFault, parseBoundedJson } from '@assay/model/bounded-json.ts';
import { FeedFault } from '../feed-fault.ts';
import { listOf, member, objectOf } from '../hostile-value.ts';
import type { FeedPorts } from './feed-ports.ts';
import { AbsentFault, type Fetched, type FetchOptions, fetchToFile } from './fetch-to-file.ts';
import { type RepositoryAdvisories, resolveRepository } from './resolve-repository.ts';
import { tarHeader } from './tar-header.ts';

const CATALOG = 'extras-catalog.json';
/** The catalogue is 3 MB, nearly all of it which topics go together. */
const MAX_CATALOG = 64 * 1024 * 1024;
const MAX_TOPICS = 500;
const MAX_UPDATEINFO = 256 * 1024 * 1024;

/** Whether a source is the catalogue of the extras of Amazon Linux 2. */
export const isExtrasCatalog = (source: string): boolean => source.endsWith(`/${CATALOG}`);

/**
 * Fetches the advisories of every topic that the catalogue of Amazon Linux 2's extras names, deprecated ones too, into one
 * archive of `TOPIC.xml.gz`. Where each repository names the updateinfo that is known, nothing has changed. A topic whose
 * repository is gone or has no updateinfo has no advisories. Throws {@link FeedFault} where one cannot be had otherwise.
 */
export async function fetchExtras(
  ports: FeedPorts,
  catalog: string,
  file: string,
  { known, patience, onProgress }: FetchOptions = {},
): Promise<Fetched> {
  const base = catalog.slice(0, -CATALOG.length);
  const draft = `${file}.topic`;
  const patient = patience ? { patience } : {};
  await fetchToFile(ports, catalog, draft, { maxBytes: MAX_CATALOG, ...patient });
  const topics = topicsIn(await readFile(draft, 'utf8'));
  const repositories = new Map<string, RepositoryAdvisories>();
  for (const topic of topics) {
    const list = `${base}extras/${encodeURIComponent(topic)}/latest/x86_64/mirror.list`;
    const found = await resolveRepository(ports, list, draft, patience).catch((error: unknown) => {
      if (error instanceof AbsentFault) return undefined;
      throw error instanceof FeedFault ? new FeedFault(`topic ${topic}: ${error.message}`) : error;
    });
    if (found) repositories.set(topic, found);
  }
  if (repositories.size === 0) throw new FeedFault(`none of its ${topics.length} topics has advisories`);
  const hash = createHash('sha256');
  for (const [topic, { sha256 }] of repositories) hash.update(`${topic} ${sha256}\n`);
  const etag = `"${hash.digest('hex')}"`;
  if (known?.etag === etag) return { changed: false };
  const archive = await open(file, 'w', 0o600);
  try {
    let done = 0;
    for (const [topic, { url, sha256 }] of repositories) {
      await fetchToFile(ports, url, draft, { maxBytes: MAX_UPDATEINFO, ...patient });
      const bytes = await readFile(draft);
      if (createHash('sha256').update(bytes).digest('hex') !== sha256) {
        throw new FeedFault(`topic ${topic}: its updateinfo is not the one that the repository names`);
      }
      await archive.write(tarHeader(`${topic}.xml.gz`, bytes.length));
      await archive.write(bytes);
      await archive.write(Buffer.alloc((512 - (bytes.length % 512)) % 512));
      done += bytes.length;
      onProgress?.(done, undefined);
    }
    await archive.write(Buffer.alloc(1024));
    await archive.sync();
    return { changed: true, etag };
  } finally {
    await archive.close();
    await rm(draft, { force: true });
  }
}

function topicsIn(text: string): readonly string[] {
  let catalog: unknown;
  try {
    catalog = parseBoundedJson(text);
  } catch (error) {
    throw new FeedFault(
      error instanceof JsonBoundsFault ? `the catalogue ${error.message}` : 'the catalogue is no JSON',
    );
  }
  const listed = listOf(member(objectOf(catalog, 'the catalogue'), 'topics'), 'topics', MAX_TOPICS);
  const topics = listed.map((each) => {
    const name = member(objectOf(each, 'a topic'), 'n');
    if (typeof name !== 'string' || !/^[A-Za-z0-9][\w.+-]{0,80}$/.test(name))
      throw new FeedFault('a topic has no name');
    return name;
  });
  if (topics.length === 0) throw new FeedFault('the catalogue names no topic');
  return [...new Set(topics)].sort();
}
