import { policyDocument, shownPolicyName } from '../../domain/policy/built-in.ts';
import { requireAccessKey } from './access-keys.ts';
import type { AssayOperation } from './operation.ts';

export const getAccessKeyPolicy: AssayOperation<'GetAccessKeyPolicy', 'store'> =
  ({ store }) =>
  async ({ accessKeyArn }, caller) => {
    const { policy } = await requireAccessKey(store, caller, accessKeyArn);
    return { policyName: shownPolicyName(policy), policyDocument: policyDocument(policy) };
  };
