import { FeedFault } from '../feed-fault.ts';
import type { FeedPorts } from './feed-ports.ts';
import { request } from './request.ts';

/** The beginning of a file, as far as its last whole line. */
export interface FileHead {
  readonly lines: Buffer;
  /** Bytes of the whole file. */
  readonly size: number;
  readonly etag?: string;
}

/**
 * Asks for the first bytes of a text file. A server that gives no parts answers with the file: that answer is given, its
 * body unread. Undefined where neither comes. Throws {@link FeedFault} where more comes than was asked for.
 */
export async function fetchHead(
  ports: FeedPorts,
  url: string,
  bytes: number,
  answerWithin?: number,
): Promise<{ readonly head: FileHead } | { readonly whole: Response } | undefined> {
  const response = await request(ports, url, { range: `bytes=0-${bytes - 1}` }, answerWithin).catch(() => undefined);
  if (response?.status === 200) return { whole: response };
  const [, size = ''] = /^bytes 0-\d+\/(\d+)$/.exec(response?.headers.get('content-range') ?? '') ?? [];
  if (response?.status !== 206 || size === '') {
    await response?.body?.cancel().catch(() => undefined);
    return undefined;
  }
  const text = Buffer.from(await response.arrayBuffer().catch(() => new ArrayBuffer(0)));
  if (text.length > bytes) throw new FeedFault('more came than was asked for');
  const etag = response.headers.get('etag') ?? undefined;
  const lines = text.subarray(0, text.lastIndexOf(0x0a) + 1);
  return { head: { lines, size: Number(size), ...(etag === undefined ? {} : { etag }) } };
}
