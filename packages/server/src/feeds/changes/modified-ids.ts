import { FeedFault } from '../feed-fault.ts';
import { instantOf } from '../hostile-value.ts';
import { fileBytes } from '../sources/file-bytes.ts';
import { textLines } from '../sources/text-lines.ts';

const MAX_BYTES = 256 * 1024 * 1024;
const MAX_LINE = 400;
const LINE = /^(\d{4}-\d\d-\d\dT[\d:.]+Z),([A-Za-z0-9][A-Za-z0-9:._+-]{0,199})$/;

/** A record in a list: when it was changed, in ISO 8601 to the second, and how many bytes its line has. */
export interface Listed {
  readonly modified: string;
  readonly bytes: number;
}

/**
 * OSV.dev's `modified_id.csv`, or its beginning: each record of an ecosystem with when it was changed, newest first. Throws
 * {@link FeedFault} where it is cut within a line, out of order, or anything else.
 */
export async function modifiedIds(path: string): Promise<ReadonlyMap<string, Listed>> {
  const ids = new Map<string, Listed>();
  let [before, last]: [number, number | undefined] = [Number.POSITIVE_INFINITY, undefined];
  async function* watched(): AsyncGenerator<Uint8Array> {
    for await (const chunk of fileBytes(path, MAX_BYTES)) {
      last = chunk.at(-1) ?? last;
      yield chunk;
    }
  }
  for await (const line of textLines(watched(), MAX_LINE)) {
    const [, text = '', id = ''] = ('text' in line && LINE.exec(line.text)) || [];
    const modified = instantOf(text);
    if (modified === undefined) throw new FeedFault(`line ${line.number} of modified_id.csv is no date and id`);
    const at = Date.parse(modified);
    if (at > before) throw new FeedFault(`line ${line.number} of modified_id.csv is out of order`);
    if (ids.has(id)) throw new FeedFault(`modified_id.csv names ${id} twice`);
    before = at;
    ids.set(id, { modified, bytes: text.length + id.length + 2 });
  }
  if (ids.size === 0) throw new FeedFault('modified_id.csv is empty');
  if (last !== 0x0a) throw new FeedFault('modified_id.csv ends within a line');
  return ids;
}
