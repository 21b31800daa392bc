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

/**
 * POSTs to an address. Its name is looked up once, and the connection goes to an address that was checked: no second look-up
 * can lead elsewhere. A redirect is an answer like any other that is not 2xx, and leads nowhere.
 */
export async function post(
  { resolve, timeout, ca }: PostDeps,
  { url: text, allowPrivate, secrets }: Address,
  { headers, body }: Post,
  stop: AbortSignal,
): Promise<Outcome> {
  const signal = AbortSignal.any([stop, timeout(TIMEOUT)]);
  const url = new URL(text);
  const host = url.hostname.replace(/^\[|\]$/g, '');
  try {
    const family = isIP(host);
    const found = family === 0 ? await before(signal, resolve(host)) : [{ address: host, family }];
    const target = found.find(({ address }) => isAllowedAddress(address, allowPrivate));
    if (!target) {
      const what = found[0] === undefined ? 'no address' : `the address ${found[0].address}`;
      return failed('ACCESS_DENIED', `${host} has ${what}, to which events are not sent`);
    }
    const status = await new Promise<Outcome>((settle, reject) => {
      const send = url.protocol === 'https:' ? requestHttps : requestHttp;
      const outgoing = send(url, {
        method: 'POST',
        agent: false,
        signal,
        headers: { ...headers, ...secrets.headers, 'content-length': String(Buffer.byteLength(body)) },
        lookup: (_name, options, callback) => {
          if (options.all) callback(null, [target]);
          else callback(null, target.address, target.family);
        },
        ...(ca && { ca: [...ca] }),
      });
      outgoing.on('error', reject);
      outgoing.on('response', (answer) => {
        const outcome = outcomeOf(answer.statusCode ?? 0, answer.headers['retry-after']);
        let bytes = 0;
        answer.on('data', (chunk: Buffer) => {
          bytes += chunk.length;
          if (bytes > MAX_ANSWER) answer.destroy();
        });
        // What was decided by its status is not undone by an answer that does not end.
        answer.on('error', () => settle(outcome));
        answer.on('close', () => settle(outcome));
      });
      outgoing.end(body);
    });
    return status;
  } catch (error) {
    if (signal.aborted) {
      const why = stop.aborted ? 'The server stopped' : `${host} did not answer within ${TIMEOUT / 1000} seconds`;
      return failed('INTERNAL_ERROR', why);
    }
    return failed('INTERNAL_ERROR', `${host} could not be reached: ${reasonOf(error)}`);
  }
}

function outcomeOf(status: number, retryAfter: string | undefined): Outcome {
  if (status >= 200 && status < 300) return { delivered: true };
  const seconds = /^\d{1,6}$/.test(retryAfter ?? '') ? Number(retryAfter) : undefined;
  return {
    delivered: false,
    status:
      status === 401 || status === 403 ? 'ACCESS_DENIED' : status === 410 ? 'TOPIC_DOES_NOT_EXIST' : 'INTERNAL_ERROR',
    error: `The receiver answered ${status}${status >= 300 && status < 400 ? '; redirects are not followed' : ''}`,
    ...(seconds === undefined ? {} : { retryAfter: Math.min(seconds * 1000, MAX_RETRY_AFTER) }),
  };
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
