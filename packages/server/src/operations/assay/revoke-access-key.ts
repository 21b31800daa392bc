import { requireAccessKey } from './access-keys.ts';
import type { AssayOperation } from './operation.ts';

export const revokeAccessKey: AssayOperation<'RevokeAccessKey', 'store' | 'now'> =
  ({ store, now }) =>
  async ({ accessKeyArn }, caller) => {
    const key = await requireAccessKey(store, caller, accessKeyArn);
    if (key.revokedAt !== null) return { revokedAt: key.revokedAt / 1000, revokedBefore: true };
    const at = now();
    if (await store.accessKeys.revoke(key.id, at)) return { revokedAt: at / 1000, revokedBefore: false };
    // Somebody else was first.
    const { revokedAt } = await requireAccessKey(store, caller, accessKeyArn);
    return { revokedAt: (revokedAt ?? at) / 1000, revokedBefore: true };
  };
