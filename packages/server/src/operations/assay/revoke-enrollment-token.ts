import { enrollmentTokenItem } from './enrollment-token-item.ts';
import type { AssayOperation } from './operation.ts';
import { doesNotExist, requireId } from './resources.ts';

export const revokeEnrollmentToken: AssayOperation<'RevokeEnrollmentToken', 'store' | 'now'> =
  ({ store, now }) =>
  async ({ tokenArn }, caller) => {
    const id = requireId(caller, 'token', tokenArn);
    const found = /^[0-9a-f]{12}$/.test(id) ? await store.enrollmentTokens.beginningWith(caller.scope, id) : [];
    const [token] = found;
    if (!token || found.length > 1) throw doesNotExist('token', tokenArn);
    const at = now();
    await store.enrollmentTokens.revoke(token.digest, at);
    return { token: enrollmentTokenItem(caller, { ...token, revokedAt: token.revokedAt ?? at }, at) };
  };
