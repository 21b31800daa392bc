import { request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { isIP } from 'node:net';
import { type Address, failed, type Outcome } from './delivery.ts';
import { isAllowedAddress } from './is-allowed-address.ts';

/** The longest that a receiver may take, from the look-up of its name to the last byte of its answer: milliseconds. */
const TIMEOUT = 10_000;
/** Bytes of an answer that are read: what it says does not matter. */
const MAX_ANSWER = 65_536;
/** The longest that a receiver is left alone because it asks for it: milliseconds. */
const MAX_RETRY_AFTER = 600_000;

export interface PostDeps {
  /** All addresses of a name. */
  readonly resolve: (name: string) => Promise<readonly { readonly address: string; readonly family: number }[]>;
  /** Aborts after so many milliseconds. */
  readonly timeout: (milliseconds: number) => AbortSignal;
  /** Also trusted, PEM, beside the authorities that Node trusts. */
  readonly ca?: readonly string[];
}

export interface Post {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** What a receiver answered: at most the first {@link MAX_ANSWER} bytes of it. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/** An address to which events are not sent. */
class AddressRefused extends Error {}

/**
 * POSTs to an address. Its name is looked up once, and the connection goes to an address that was checked: no second look-up
 * can lead elsewhere. A redirect is an answer like any other that is not 2xx, and leads nowhere.
 */
export async function post(
  deps: PostDeps,
  { url, allowPrivate, secrets }: Address,
  { headers, body }: Post,
  stop: AbortSignal,
): Promise<Outcome> {
  const to = { url: new URL(url), allowPrivate };
  return attempt(deps, to.url.hostname, stop, async (signal) => {
    const { status, headers: told } = await exchange(
      deps,
      to,
      { headers: { ...headers, ...secrets.headers }, body },
      signal,
    );
    return outcomeOf(status, told);
  });
}

/** One attempt within the time that a receiver has: what it throws is an outcome too. */
export async function attempt(
  { timeout }: Pick<PostDeps, 'timeout'>,
  host: string,
  stop: AbortSignal,
  work: (signal: AbortSignal) => Promise<Outcome>,
): Promise<Outcome> {
  const signal = AbortSignal.any([stop, timeout(TIMEOUT)]);
  try {
    return await work(signal);
  } catch (error) {
    if (error instanceof AddressRefused) return failed('ACCESS_DENIED', error.message);
    if (signal.aborted) {
      const why = stop.aborted ? 'The server stopped' : `${host} did not answer within ${TIMEOUT / 1000} seconds`;
      return failed('INTERNAL_ERROR', why);
    }
    return failed('INTERNAL_ERROR', `${host} could not be reached: ${reasonOf(error)}`);
  }
}

/** One POST and its answer. Throws {@link AddressRefused}, what the connection throws, and when the signal is aborted. */
export async function exchange(
  { resolve, ca }: Pick<PostDeps, 'resolve' | 'ca'>,
  { url, allowPrivate }: { readonly url: URL; readonly allowPrivate: boolean },
  { headers, body }: Post,
  signal: AbortSignal,
): Promise<Answer> {
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const family = isIP(host);
  const found = family === 0 ? await before(signal, resolve(host)) : [{ address: host, family }];
  const targets = found.filter(({ address }) => isAllowedAddress(address, allowPrivate));
  const [target] = targets;
  if (!target) {
    const what = found[0] === undefined ? 'no address' : `the address ${found[0].address}`;
    throw new AddressRefused(`${host} has ${what}, to which events are not sent`);
  }
  return new Promise<Answer>((settle, reject) => {
    const send = url.protocol === 'https:' ? requestHttps : requestHttp;
    const outgoing = send(url, {
      method: 'POST',
      agent: false,
      signal,
      headers: { ...headers, 'content-length': String(Buffer.byteLength(body)) },
      lookup: (_name, options, callback) => {
        if (options.all) callback(null, targets);
        else callback(null, target.address, target.family);
      },
      ...(ca && { ca: [...ca] }),
    });
    outgoing.on('error', reject);
    // Without this an answer of 101 would end the connection and nothing else.
    outgoing.on('upgrade', (_, socket) => {
      socket.destroy();
      reject(new Error('it answered by changing the protocol'));
    });
    outgoing.on('close', () => reject(new Error('it closed the connection without an answer')));
    outgoing.on('response', (answer) => {
      outgoing.removeAllListeners('close');
      outgoing.removeAllListeners('error');
      // What follows an answer's head does not undo it.
      outgoing.on('error', () => undefined);
      const chunks: Buffer[] = [];
      let bytes = 0;
      const end = (): void =>
        settle({
          status: answer.statusCode ?? 0,
          headers: Object.fromEntries(Object.entries(answer.headers).map(([name, value]) => [name, String(value)])),
          body: Buffer.concat(chunks).subarray(0, MAX_ANSWER),
        });
      answer.on('data', (chunk: Buffer) => {
        bytes += chunk.length;
        chunks.push(chunk);
        if (bytes > MAX_ANSWER) answer.destroy();
      });
      answer.on('error', end);
      answer.on('close', end);
    });
    outgoing.end(body);
  });
}

function outcomeOf(status: number, { 'retry-after': retryAfter, date }: Answer['headers']): Outcome {
  if (status >= 200 && status < 300) return { delivered: true };
  const pause = pauseOf(retryAfter, date);
  return {
    delivered: false,
    status:
      status === 401 || status === 403 ? 'ACCESS_DENIED' : status === 410 ? 'TOPIC_DOES_NOT_EXIST' : 'INTERNAL_ERROR',
    error: `The receiver answered ${status}${status >= 300 && status < 400 ? '; redirects are not followed' : ''}`,
    ...(pause === undefined ? {} : { retryAfter: Math.min(pause, MAX_RETRY_AFTER) }),
  };
}

/** Milliseconds that a receiver asks for: in seconds, or until a time by its own clock. */
function pauseOf(retryAfter = '', date = ''): number | undefined {
  if (/^\d{1,12}$/.test(retryAfter)) return Number(retryAfter) * 1000;
  if (!retryAfter.endsWith(' GMT')) return undefined;
  const pause = Date.parse(retryAfter) - Date.parse(date);
  return Number.isNaN(pause) ? undefined : Math.max(0, pause);
}

const reasonOf = (error: unknown): string => {
  const { message, code } = error as NodeJS.ErrnoException;
  return message || String(code);
};

const before = <T>(signal: AbortSignal, work: Promise<T>): Promise<T> =>
  new Promise((resolve, reject) => {
    const abort = (): void => reject(signal.reason);
    if (signal.aborted) abort();
    signal.addEventListener('abort', abort, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
