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
  readonly patience?: Patience;
  readonly onProgress?: (bytes: number, total: number | undefined) => void;
}

const GIB = 1024 ** 3;

/** How long a server is waited for. All times in milliseconds. */
export interface Patience {
  /** Until an answer begins. */
  readonly answer: number;
  /** Between two pieces of an answer. */
  readonly idle: number;
  /** Before each further attempt. What has arrived by then is not asked for again where the server can go on. */
  readonly pauses: readonly number[];
  /** The longest that a server may ask for with Retry-After. */
  readonly retryAfter: number;
  /** For one address altogether. */
  readonly whole: number;
}

const MINUTE = 60_000;
/** For an update that nobody watches. */
export const PATIENT: Patience = {
  answer: MINUTE,
  idle: MINUTE,
  pauses: [1_000, 4_000, 15_000],
  retryAfter: 5 * MINUTE,
  whole: 60 * MINUTE,
};

/** What was asked for is not there. */
export class AbsentFault extends FeedFault {}

/** A failure that may be over in a moment, or after the milliseconds that the server asks for. */
class PassingFault extends FeedFault {
  readonly after: number | undefined;
  constructor(message: string, after?: number) {
    super(message);
    this.after = after;
  }
}

/**
 * Fetches a URL into a file, in several attempts where the connection breaks or the server fails. Throws
 * {@link FeedFault} with the reason where it cannot be had, or is larger than `maxBytes`.
 */
export async function fetchToFile(
  ports: FeedPorts,
  url: string,
  file: string,
  { known = {}, maxBytes = 4 * GIB, patience = PATIENT, onProgress }: FetchOptions = {},
): Promise<Fetched> {
  const handle = await open(file, 'w', 0o600);
  const part: Part = { bytes: 0, validators: {} };
  const until = ports.now() + patience.whole;
  try {
    for (let attempt = 0; ; attempt += 1) {
      try {
        const changed = await receive({ ports, url, handle, part, known, maxBytes, patience, until, onProgress });
        if (changed) await handle.sync();
        return changed ? { changed, ...part.validators } : { changed };
      } catch (error) {
        const fault = error instanceof FeedFault ? error : new PassingFault(faultReason(error));
        const planned = patience.pauses[attempt];
        if (!(fault instanceof PassingFault) || planned === undefined) throw fault;
        const pause = Math.max(planned, fault.after ?? 0);
        if ((fault.after ?? 0) > patience.retryAfter) {
          throw new FeedFault(`${fault.message} and asks to wait ${waitText(pause)}: run the update again then`);
        }
        if (ports.now() + pause > until) throw fault;
        await ports.sleep(pause);
      }
    }
  } finally {
    await handle.close();
  }
}

/** Milliseconds in the largest unit that leaves a reader two digits. */
function waitText(pause: number): string {
  const seconds = Math.ceil(pause / 1000);
  if (seconds < 600) return `${seconds} seconds`;
  return seconds < 7200 ? `${Math.ceil(seconds / 60)} minutes` : `${Math.ceil(seconds / 3600)} hours`;
}

/** What has arrived so far, and of which version. */
interface Part {
  bytes: number;
  validators: Validators;
  /** False where the rest cannot be asked for alone. */
  resumable?: boolean;
}

interface Receiving {
  readonly ports: FeedPorts;
  readonly url: string;
  readonly handle: FileHandle;
  readonly part: Part;
  readonly known: Validators;
  readonly maxBytes: number;
  readonly patience: Patience;
  /** When to give the address up, milliseconds since the epoch. */
  readonly until: number;
  readonly onProgress: FetchOptions['onProgress'];
}

async function receive({
  ports,
  url,
  handle,
  part,
  known,
  maxBytes,
  patience,
  until,
  onProgress,
}: Receiving): Promise<boolean> {
  const response = await request(ports, url, conditions(part, known), patience.answer);
  try {
    if (response.status === 304 && part.bytes === 0) return false;
    if (response.status === 206 && !continues(response, part)) {
      part.bytes = 0;
      throw new PassingFault('the server went on with another part than was asked for');
    }
    if (response.status === 416) part.bytes = 0;
    if (response.status !== 200 && response.status !== 206) throw statusFault(response, ports.now());
    if (response.status === 200) await restart(handle, part, response);
    // What is packed on the way arrives unpacked: its length is another, and no part of it can be asked for.
    const packed = isPacked(response);
    if (packed && response.status === 206) {
      part.bytes = 0;
      part.validators = {};
      throw new PassingFault('the server packed a part of the answer');
    }
    if (packed) part.resumable = false;
    const length = packed ? Number.NaN : Number(response.headers.get('content-length') ?? Number.NaN);
    const total = Number.isSafeInteger(length) ? part.bytes + length : undefined;
    if ((total ?? 0) > maxBytes) throw new FeedFault(`it is larger than ${maxBytes} bytes`);
    if (!response.body) throw new PassingFault('the answer was empty');
    for await (const chunk of unhurried(response.body, ports, patience.idle)) {
      if (part.bytes + chunk.length > maxBytes) throw new FeedFault(`it is larger than ${maxBytes} bytes`);
      await handle.write(chunk, 0, chunk.length, part.bytes);
      part.bytes += chunk.length;
      if (ports.now() > until) throw new FeedFault(`it did not arrive in ${Math.round(patience.whole / 1000)} seconds`);
      onProgress?.(part.bytes, total);
    }
    if (total !== undefined && part.bytes !== total) throw new PassingFault('the answer was cut short');
    return true;
  } finally {
    await response.body?.cancel().catch(() => undefined);
  }
}

const isPacked = ({ headers }: Response): boolean =>
  !['', 'identity'].includes(headers.get('content-encoding')?.trim().toLowerCase() ?? '');

function conditions({ bytes, validators, resumable }: Part, known: Validators): Record<string, string> {
  if (bytes > 0 && resumable === false) return {};
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
  part.resumable = true;
  const [etag, lastModified] = [headers.get('etag'), headers.get('last-modified')];
  part.validators = {
    ...(etag !== null && etag.length <= 200 && { etag }),
    ...(lastModified !== null && lastModified.length <= 100 && { lastModified }),
  };
}

/** Those that a server may take back: too many requests, and refusals of servers that guard themselves so. */
const PASSING = [403, 408, 416, 425, 429];

function statusFault({ status, statusText, headers }: Response, now: number): FeedFault {
  const message = `the server answered ${status} ${statusText}`.trim();
  const after = retryAfter(headers.get('retry-after'), now);
  if (status === 404 || status === 410) return new AbsentFault(message);
  return status >= 500 || PASSING.includes(status) ? new PassingFault(message, after) : new FeedFault(message);
}

/** Milliseconds that a Retry-After header asks for: seconds, or a date (RFC 9110, 10.2.3). */
function retryAfter(text: string | null, now: number): number | undefined {
  if (text === null) return undefined;
  if (/^\d{1,9}$/.test(text.trim())) return Number(text) * 1000;
  const date = Date.parse(text);
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}

/** The chunks of a body, given up when none comes for `idle` milliseconds. */
async function* unhurried(
  body: ReadableStream<Uint8Array>,
  ports: FeedPorts,
  idle: number,
): AsyncGenerator<Uint8Array> {
  const reader = body.getReader();
  try {
    for (;;) {
      const { promise, reject } = Promise.withResolvers<never>();
      const signal = ports.deadline(idle);
      const giveUp = (): void => reject(new PassingFault(`nothing came for ${idle / 1000} seconds`));
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
export function faultReason(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  return cause instanceof Error ? cause.message || cause.name : String(cause);
}
