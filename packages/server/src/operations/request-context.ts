import type { Lookup } from '../domain/policy/lookup.ts';
import type { Caller } from './operation.ts';

/** Where a request came from. */
export interface Origin {
  /** An IP address, of an IPv4 client always in IPv4's form, or `unknown`. */
  readonly address: string;
  readonly userAgent: string | undefined;
  /** True over TLS. */
  readonly secure: boolean;
}

interface Requester extends Caller {
  readonly accessKeyId: string;
  readonly origin: Origin;
}

/** The condition keys that every request has, in lower case; those of tags are beside them. */
const keys: Readonly<Record<string, (requester: Requester, now: number) => string | undefined>> = {
  'aws:sourceip': ({ origin }) => origin.address,
  'aws:securetransport': ({ origin }) => String(origin.secure),
  'aws:useragent': ({ origin }) => origin.userAgent || undefined,
  'aws:currenttime': (_, now) => new Date(now).toISOString(),
  'aws:epochtime': (_, now) => String(Math.floor(now / 1000)),
  'aws:requestedregion': ({ region }) => region,
  'aws:principalaccount': ({ account }) => account,
  'aws:principaltype': () => 'User',
  'aws:userid': ({ accessKeyId }) => accessKeyId,
  'aws:username': ({ accessKeyId }) => accessKeyId,
  // No service calls on anyone's behalf; policies that deny by address ask.
  'aws:viaawsservice': () => 'false',
  'aws:principalisawsservice': () => 'false',
};

/** True for a condition key that some request here has a value for. */
export const isKnownKey = (key: string): boolean =>
  Object.hasOwn(keys, key.toLowerCase()) || /^aws:(?:tagkeys$|requesttag\/)/i.test(key);

/** What conditions and policy variables may ask about a request. `now` is in milliseconds since the epoch. */
export function requestContext(now: number, input: Readonly<Record<string, unknown>>, requester: Requester): Lookup {
  const tags = tagsOf(input);
  return (key) => {
    if (key === 'aws:tagkeys') return tags.map(({ key: name }) => name);
    if (key.startsWith('aws:requesttag/')) {
      const name = key.slice('aws:requesttag/'.length);
      const values = tags.filter((tag) => tag.key.toLowerCase() === name).map((tag) => tag.value);
      return values.length === 0 ? undefined : values;
    }
    const value = Object.hasOwn(keys, key) ? keys[key]?.(requester, now) : undefined;
    return value === undefined ? undefined : [value];
  };
}

/**
 * The tags of SetTagsForResource, the one operation with such a member. They are not checked yet: more of them or
 * longer ones than are kept here never pass that check.
 */
function tagsOf({ tags }: Readonly<Record<string, unknown>>): { key: string; value: string }[] {
  const given = ((tags ?? []) as readonly { key?: string; value?: string }[]).slice(0, 10);
  return given.map(({ key = '', value = '' }) => ({ key: key.slice(0, 256), value: value.slice(0, 512) }));
}
