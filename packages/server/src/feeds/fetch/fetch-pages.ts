import { open, readFile, rm } from 'node:fs/promises';
import { JsonBoundsFault, parseBoundedJson } from '@assay/model/bounded-json.ts';
import { FeedFault } from '../feed-fault.ts';
import { listOf, member, objectOf } from '../hostile-value.ts';
import type { FeedPorts } from './feed-ports.ts';
import { type Fetched, type FetchOptions, fetchToFile } from './fetch-to-file.ts';

/** The most that the errata API gives at once. */
const SIZE = 100;
/** Bytes of one page: an advisory is 20 KB, one of a large module 2 MB. */
const MAX_PAGE = 256 * 1024 * 1024;
const MAX_PAGES = 2_000;
/** Bytes of all pages: 8,000 advisories are 150 MB. */
const MAX_BYTES = 4 * 1024 ** 3;

/**
 * Fetches the pages of Rocky Linux's errata API (`…/api/v3/advisories/`) into a file of lines, one an advisory. Each page
 * says how many advisories there are, and when the last of them was made: where both are as known, nothing has changed.
 * Throws {@link FeedFault} where the list ends before it should.
 */
export async function fetchPages(
  ports: FeedPorts,
  address: string,
  file: string,
  { known, patience, onProgress }: FetchOptions = {},
): Promise<Fetched> {
  const page = `${file}.page`;
  const whole = await open(file, 'w', 0o600);
  const seen = new Set<string>();
  let [bytes, etag] = [0, ''];
  try {
    for (let number = 1; number <= MAX_PAGES; number += 1) {
      const url = new URL(address);
      url.searchParams.set('page', String(number));
      url.searchParams.set('size', String(SIZE));
      await fetchToFile(ports, url.href, page, { maxBytes: MAX_PAGE, ...(patience && { patience }) });
      const { advisories, total, version } = pageIn(await readFile(page));
      if (number === 1) {
        etag = version;
        if (known?.etag !== undefined && known.etag === etag) return { changed: false };
      }
      // What was published meanwhile moves all others down: the last of a page is then the first of the next one.
      const fresh = advisories.filter(({ name }) => !seen.has(name));
      for (const { name, line } of fresh) {
        seen.add(name);
        bytes += Buffer.byteLength(line);
        if (bytes > MAX_BYTES) throw new FeedFault(`it is larger than ${MAX_BYTES} bytes`);
        await whole.write(line);
      }
      onProgress?.(bytes, undefined);
      if (seen.size >= total) {
        await whole.sync();
        return { changed: true, etag };
      }
      if (fresh.length === 0) throw new FeedFault(`its pages end after ${seen.size} of ${total} advisories`);
    }
    throw new FeedFault(`it has more than ${MAX_PAGES} pages`);
  } finally {
    await whole.close();
    await rm(page, { force: true });
  }
}

function pageIn(bytes: Buffer) {
  let value: unknown;
  try {
    value = parseBoundedJson(bytes);
  } catch (error) {
    throw new FeedFault(error instanceof JsonBoundsFault ? `a page ${error.message}` : 'a page is no JSON');
  }
  const page = objectOf(value, 'a page');
  const [total, last] = [member(page, 'total'), member(page, 'last_updated_at')];
  if (typeof total !== 'number' || !Number.isSafeInteger(total) || total < 0)
    throw new FeedFault('a page does not say how many advisories there are');
  const advisories = listOf(member(page, 'advisories'), 'advisories', 100_000).map((each) => {
    const name = member(objectOf(each, 'an advisory'), 'name');
    if (typeof name !== 'string') throw new FeedFault('an advisory has no name');
    return { name, line: `${JSON.stringify(each)}\n` };
  });
  return { advisories, total, version: `"${total} ${typeof last === 'string' ? last.slice(0, 40) : ''}"` };
}
