import { makeEnrollmentTokens } from '../../engine/hosts/enrollment-tokens.ts';
import { enrollmentTokenItem } from './enrollment-token-item.ts';
import type { AssayOperation } from './operation.ts';

const HOUR = 3600;

export const createEnrollmentTokens: AssayOperation<'CreateEnrollmentTokens', 'store' | 'random' | 'now'> =
  ({ store, random, now }) =>
  async ({ count = 1, uses = 1, secondsValid = HOUR, tags = [] }, caller) => {
    const at = now();
    const order = { scope: caller.scope, now: at, ttl: secondsValid * 1000, count, uses, tags };
    const made = await store.transaction((tables) => makeEnrollmentTokens(tables, random, order));
    return { tokens: made.map(({ token, kept }) => ({ token, details: enrollmentTokenItem(caller, kept, at) })) };
  };
