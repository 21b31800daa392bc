import { shownPolicyName } from '../../domain/policy/built-in.ts';
import { requireAccessKey, requirePolicy } from './access-keys.ts';
import type { AssayOperation } from './operation.ts';

export const setAccessKeyPolicy: AssayOperation<'SetAccessKeyPolicy', 'store'> =
  ({ store }) =>
  async ({ accessKeyArn, policy }, caller) => {
    const { kept, warnings } = requirePolicy(policy);
    const { id } = await requireAccessKey(store, caller, accessKeyArn);
    await store.accessKeys.setPolicy(id, kept);
    return { policyName: shownPolicyName(kept), warnings };
  };
