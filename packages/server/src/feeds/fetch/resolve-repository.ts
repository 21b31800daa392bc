import { readFile, rm } from 'node:fs/promises';
import { SaxesParser } from 'saxes';
import { FeedFault } from '../feed-fault.ts';
import type { FeedPorts } from './feed-ports.ts';
import { AbsentFault, fetchToFile, type Patience } from './fetch-to-file.ts';

/** Lists of mirrors and of a repository's files are a few kilobytes. */
const MAX_BYTES = 1024 * 1024;
const MAX_MIRRORS = 5;

/** Where the advisories of a repository of rpm packages are, and what they must be. */
export interface RepositoryAdvisories {
  readonly url: string;
  /** SHA-256, hexadecimal. */
  readonly sha256: string;
}

/** Whether a source leads to a repository: a list of its mirrors, or its repomd.xml. */
export const isRepository = (source: string): boolean => /\/(?:mirror\.list|repomd\.xml)$/.test(source);

/**
 * Follows `mirror.list` → `repodata/repomd.xml` → updateinfo, which is how a host of Amazon Linux or Oracle Linux finds them. `file` is
 * written over on the way. Throws {@link FeedFault} where no mirror has them.
 */
export async function resolveRepository(
  ports: FeedPorts,
  source: string,
  file: string,
  patience?: Patience,
): Promise<RepositoryAdvisories> {
  const read = async (url: string): Promise<string> => {
    try {
      await fetchToFile(ports, url, file, { maxBytes: MAX_BYTES, ...(patience && { patience }) });
      return await readFile(file, 'utf8');
    } finally {
      await rm(file, { force: true });
    }
  };
  if (source.endsWith('/repomd.xml'))
    return locationIn(await read(source), source.replace(/repodata\/repomd\.xml$/, ''));
  const mirrors = (await read(source))
    .split(/\s+/)
    .filter((line) => /^https?:\/\//i.test(line) && URL.canParse(line))
    .slice(0, MAX_MIRRORS);
  let fault = new FeedFault('the list of mirrors names none');
  for (const mirror of mirrors) {
    const base = (ports.rewrite?.(mirror) ?? mirror).replace(/\/*$/, '/');
    try {
      return locationIn(await read(`${base}repodata/repomd.xml`), base);
    } catch (error) {
      if (!(error instanceof FeedFault)) throw error;
      fault = error;
    }
  }
  throw fault;
}

/** The updateinfo that a repomd.xml names. */
function locationIn(xml: string, base: string): RepositoryAdvisories {
  let [type, text, href, sha256, isSha256] = ['', '', '', '', false];
  const parser = new SaxesParser();
  parser.on('doctype', () => {
    throw new FeedFault('the repomd.xml has a document type');
  });
  parser.on('error', ({ message }) => {
    throw new FeedFault(`the repomd.xml is broken (${message.slice(0, 100)})`);
  });
  parser.on('opentag', ({ name, attributes }) => {
    const of = attributes as Readonly<Record<string, string>>;
    text = '';
    if (name === 'data') type = of.type ?? '';
    if (name === 'checksum') isSha256 = of.type === 'sha256';
    if (name === 'location' && type === 'updateinfo') href = of.href ?? '';
  });
  parser.on('text', (more) => {
    text += more;
  });
  parser.on('closetag', ({ name }) => {
    if (name === 'checksum' && type === 'updateinfo' && isSha256) sha256 = text.trim().toLowerCase();
  });
  parser.write(xml).close();
  if (href === '') throw new AbsentFault('the repository has no updateinfo');
  if (!/^[0-9a-f]{64}$/.test(sha256)) throw new FeedFault('the repository gives no SHA-256 of its updateinfo');
  if (!URL.canParse(href, base) || !new URL(href, base).href.startsWith(base)) {
    throw new FeedFault('the repository names an updateinfo that is not in it');
  }
  return { url: new URL(href, base).href, sha256 };
}
