import { type FileHandle, open } from 'node:fs/promises';
import { FeedFault } from '../feed-fault.ts';
import type { FeedPorts } from './feed-ports.ts';
import { request } from './request.ts';

/** What a server said of the version that it last gave. */
export interface Validators {
  readonly etag?: string;
  readonly lastModified?: string;
}

export type Fetched = { readonly changed: false } | ({ readonly changed: true } & Validators);

export interface FetchOptions {
  /** Asks for it only if it is another than this one. */
  readonly known?: Validators;
  readonly maxBytes?: number;
  readonly onProgress?: (bytes: number, total: number | undefined) => void;
}

const GIB = 1024 ** 3;
/** Waits before each further attempt. What has arrived by then is not asked for again where the server can go on. */
const PAUSES = [1_000, 4_000, 15_000];
const IDLE = 60_000;

/** A failure that may be over in a moment. */
class PassingFault extends FeedFault {}

/**
 * Fetches a URL into a file, in several attempts where the connection breaks or the server fails. Throws
 * {@link FeedFault} with the reason where it cannot be had, or is larger than `maxBytes`.
 */
export async function fetchToFile(
  ports: FeedPorts,
  url: string,
  file: string,
  { known = {}, maxBytes = 4 * GIB, onProgress }: FetchOptions = {},
): Promise<Fetched> {
  const handle = await open(file, 'w', 0o600);
  const part: Part = { bytes: 0, validators: {} };
  try {
    for (let attempt = 0; ; attempt += 1) {
      try {
        const changed = await receive({ ports, url, handle, part, known, maxBytes, onProgress });
        if (changed) await handle.sync();
        return changed ? { changed, ...part.validators } : { changed };
      } catch (error) {
        const fault = error instanceof FeedFault ? error : new PassingFault(reasonOf(error));
        const pause = PAUSES[attempt];
        if (!(fault instanceof PassingFault) || pause === undefined) throw fault;
        await ports.sleep(pause);
      }
    }
  } finally {
    await handle.close();
  }
}

/** What has arrived so far, and of which version. */
interface Part {
  bytes: number;
  validators: Validators;
}

interface Receiving {
  readonly ports: FeedPorts;
  readonly url: string;
  readonly handle: FileHandle;
  readonly part: Part;
  readonly known: Validators;
  readonly maxBytes: number;
  readonly onProgress: FetchOptions['onProgress'];
}

async function receive({ ports, url, handle, part, known, maxBytes, onProgress }: Receiving): Promise<boolean> {
  const response = await request(ports, url, conditions(part, known));
  try {
    if (response.status === 304 && part.bytes === 0) return false;
    if (response.status === 206 && !continues(response, part)) {
      part.bytes = 0;
      throw new PassingFault('the server went on with another part than was asked for');
    }
    if (response.status === 416) part.bytes = 0;
    if (response.status !== 200 && response.status !== 206) throw statusFault(response);
    if (response.status === 200) await restart(handle, part, response);
    const length = Number(response.headers.get('content-length') ?? Number.NaN);
    const total = Number.isSafeInteger(length) ? part.bytes + length : undefined;
    if ((total ?? 0) > maxBytes) throw new FeedFault(`it is larger than ${maxBytes} bytes`);
    if (!response.body) throw new PassingFault('the answer was empty');
    for await (const chunk of unhurried(response.body, ports)) {
      if (part.bytes + chunk.length > maxBytes) throw new FeedFault(`it is larger than ${maxBytes} bytes`);
      await handle.write(chunk, 0, chunk.length, part.bytes);
      part.bytes += chunk.length;
      onProgress?.(part.bytes, total);
    }
    if (total !== undefined && part.bytes !== total) throw new PassingFault('the answer was cut short');
    return true;
  } finally {
    await response.body?.cancel().catch(() => undefined);
  }
}

function conditions({ bytes, validators }: Part, known: Validators): Record<string, string> {
  if (bytes > 0) {
    const version = validators.etag?.startsWith('W/')
      ? validators.lastModified
      : (validators.etag ?? validators.lastModified);
    return version === undefined ? {} : { range: `bytes=${bytes}-`, 'if-range': version };
  }
  return {
    ...(known.etag !== undefined && { 'if-none-match': known.etag }),
    ...(known.lastModified !== undefined && { 'if-modified-since': known.lastModified }),
  };
}

const continues = (response: Response, { bytes }: Part): boolean =>
  response.headers.get('content-range')?.startsWith(`bytes ${bytes}-`) ?? false;

async function restart(handle: FileHandle, part: Part, { headers }: Response): Promise<void> {
  await handle.truncate(0);
  part.bytes = 0;
  const [etag, lastModified] = [headers.get('etag'), headers.get('last-modified')];
  part.validators = {
    ...(etag !== null && etag.length <= 200 && { etag }),
    ...(lastModified !== null && lastModified.length <= 100 && { lastModified }),
  };
}

function statusFault({ status, statusText }: Response): FeedFault {
  const message = `the server answered ${status} ${statusText}`.trim();
  const passing = status >= 500 || [408, 416, 425, 429].includes(status);
  return passing ? new PassingFault(message) : new FeedFault(message);
}

/** The chunks of a body, given up when none comes for a minute. */
async function* unhurried(body: ReadableStream<Uint8Array>, ports: FeedPorts): AsyncGenerator<Uint8Array> {
  const reader = body.getReader();
  try {
    for (;;) {
      const { promise, reject } = Promise.withResolvers<never>();
      const signal = ports.deadline(IDLE);
      const giveUp = (): void => reject(new PassingFault(`nothing came for ${IDLE / 1000} seconds`));
      signal.addEventListener('abort', giveUp, { once: true });
      const { done, value } = await Promise.race([reader.read(), promise]);
      signal.removeEventListener('abort', giveUp);
      if (done) return;
      yield value;
    }
  } finally {
    reader.releaseLock();
  }
}

/** What fetch says is in the cause of what it throws. */
function reasonOf(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  return cause instanceof Error ? cause.message || cause.name : String(cause);
}
