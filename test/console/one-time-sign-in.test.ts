import { expect, test } from 'vitest';
import { signInOnce } from '../../packages/console/src/one-time-sign-in.ts';

const key = { accessKeyId: 'AKID', secretAccessKey: 'secret', region: 'us-east-1' };

/** A page at an address, over a server that answers so. */
function page(hash: string, answer: () => Response | Promise<Response>) {
  const seen: { addresses: string[]; bodies: unknown[] } = { addresses: [], bodies: [] };
  const signedIn = signInOnce({
    location: { hash, origin: 'http://127.0.0.1:8020' },
    replaceAddress: (address) => seen.addresses.push(address),
    fetch: async (_url, init) => {
      // The address is clean before anything is sent.
      expect(seen.addresses).toEqual(['#/']);
      seen.bodies.push(JSON.parse(String(init?.body)));
      return answer();
    },
  });
  return { seen, signedIn };
}

test('a link gives its key, and its token leaves the address', async () => {
  const { seen, signedIn } = page('#/sign-in?once=abc-_9', () => Response.json(key));
  expect(await signedIn).toEqual(key);
  expect(seen).toEqual({ addresses: ['#/'], bodies: [{ token: 'abc-_9' }] });
});

test.each(['', '#/', '#/sign-in', '#/sign-in?once=', '#/runs?once=abc', '#/sign-in?once=<b>'])(
  '%j is no link',
  async (hash) => {
    const { seen, signedIn } = page(hash, () => expect.unreachable());
    expect(await signedIn).toBeUndefined();
    expect(seen.addresses).toEqual([]);
  },
);

test.each<[string, () => Response, RegExp]>([
  ['was used', () => Response.json({ message: 'This link was used before.' }, { status: 403 }), /used before/],
  ['gets half a key', () => Response.json({ accessKeyId: 'AKID' }), /cannot be used/],
  ['gets no JSON', () => new Response('<html>'), /cannot be used/],
  [
    'gets no answer',
    () => {
      throw new TypeError('fetch failed');
    },
    /does not answer/,
  ],
])('a link that %s says so in words', async (_, answer, words) => {
  await expect(page('#/sign-in?once=abc', answer).signedIn).rejects.toThrow(words);
});
