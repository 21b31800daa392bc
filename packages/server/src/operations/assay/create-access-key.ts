import { makeAccessKey } from '../../engine/access-keys.ts';
import { accessKeyItem, requirePolicy } from './access-keys.ts';
import type { AssayOperation } from './operation.ts';

export const createAccessKey: AssayOperation<'CreateAccessKey', 'store' | 'secrets' | 'random' | 'now'> =
  (deps) =>
  async ({ policy = 'administrator' }, caller) => {
    const { kept, warnings } = requirePolicy(policy);
    const { key, secretAccessKey } = await makeAccessKey(deps, caller.account, kept);
    return { accessKey: accessKeyItem(caller, key), secretAccessKey, warnings };
  };
