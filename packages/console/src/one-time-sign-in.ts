import type { Key } from './sign-request.ts';

/** A place to sign in from: the page's own, or a test's. */
export interface SignInPlace {
  readonly location: { readonly hash: string; readonly origin: string };
  /** Replaces the address, so that neither history nor a bookmark has the token. */
  readonly replaceAddress: (address: string) => void;
  readonly fetch: typeof fetch;
}

const ROUTE = /^#\/sign-in\?once=([\w-]{1,100})$/;

/**
 * Exchanges the token of a one-time link (`#/sign-in?once=TOKEN`) for a key. Undefined where the address is no such link.
 * Rejects with words for the person where the link is not good any more. Whatever comes of it, the token leaves the address.
 */
export async function signInOnce({ location, replaceAddress, fetch }: SignInPlace): Promise<Key | undefined> {
  const [, token] = ROUTE.exec(location.hash) ?? [];
  if (token === undefined) return undefined;
  replaceAddress('#/');
  let response: Response;
  try {
    response = await fetch(`${location.origin}/console/session`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ token }),
      cache: 'no-store',
      credentials: 'omit',
    });
  } catch {
    throw new Error('The server does not answer. Is it running?');
  }
  const answer = (await response.json().catch(() => ({}))) as Partial<Key> & { readonly message?: unknown };
  const { accessKeyId, secretAccessKey, region, message } = answer;
  if (response.ok && accessKeyId && secretAccessKey && region) return { accessKeyId, secretAccessKey, region };
  throw new Error(typeof message === 'string' ? message : 'This link cannot be used. Sign in with an access key.');
}
