import { JsonBoundsFault, parseBoundedJson } from '@assay/model/bounded-json.ts';
import { FeedFault } from '../feed-fault.ts';

const QUOTE = 34;
const BACKSLASH = 92;
const OPEN_OBJECT = 123;
const CLOSE_OBJECT = 125;
const OPEN_LIST = 91;
const CLOSE_LIST = 93;
const COMMA = 44;

/** The longest member that is read, in bytes: the Linux kernel in Debian's tracker is under 16 MiB. */
const MAX_MEMBER = 64 * 1024 * 1024;

/**
 * The members of one large JSON object, one by one, so that it is never whole in memory: the text of each is parsed as an
 * object of its own. Throws {@link FeedFault} where the document is no object, is cut short, or a member is too large.
 */
export async function* jsonMembers(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<readonly [string, unknown]> {
  let held: Uint8Array[] = [];
  let size = 0;
  let depth = 0;
  let inText = false;
  let escaped = false;
  let ended = false;
  let members = 0;

  const hold = (piece: Uint8Array): void => {
    size += piece.length;
    if (size > MAX_MEMBER) throw new FeedFault(`a member is larger than ${MAX_MEMBER} bytes`);
    if (piece.length > 0) held.push(Uint8Array.from(piece));
  };
  const take = (): (readonly [string, unknown])[] => {
    const text = Buffer.concat(held).toString('utf8').trim();
    held = [];
    size = 0;
    if (text === '' && (depth > 0 || members > 0)) throw new FeedFault('it is no JSON');
    members += 1;
    return Object.entries(parsed(`{${text}}`));
  };

  for await (const chunk of chunks) {
    let from = 0;
    for (let at = 0; at < chunk.length; at += 1) {
      const byte = chunk[at];
      if (inText) {
        if (escaped) escaped = false;
        else if (byte === BACKSLASH) escaped = true;
        else if (byte === QUOTE) inText = false;
        continue;
      }
      if (byte === QUOTE) {
        inText = true;
        if (depth > 0) continue;
      }
      if (depth === 0) {
        if (byte === OPEN_OBJECT && !ended) {
          depth = 1;
          from = at + 1;
        } else if (byte !== undefined && byte > 32 && byte !== 0xef && byte !== 0xbb && byte !== 0xbf) {
          throw new FeedFault('it is no JSON object');
        }
      } else if (byte === OPEN_OBJECT || byte === OPEN_LIST) {
        depth += 1;
      } else if (byte === CLOSE_OBJECT || byte === CLOSE_LIST) {
        depth -= 1;
        if (depth === 0) ended = true;
      }
      if ((depth === 1 && byte === COMMA) || (depth === 0 && byte === CLOSE_OBJECT)) {
        hold(chunk.subarray(from, at));
        yield* take();
        from = at + 1;
      }
    }
    if (depth > 0) hold(chunk.subarray(from));
  }
  if (!ended) throw new FeedFault('it is cut short');
}

function parsed(text: string): Record<string, unknown> {
  try {
    return parseBoundedJson(text) as Record<string, unknown>;
  } catch (error) {
    throw new FeedFault(error instanceof JsonBoundsFault ? `a member ${error.message}` : 'it is no JSON');
  }
}
