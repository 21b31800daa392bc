import { shownPolicyName } from '../../domain/policy/built-in.ts';
import { evaluatePolicy } from '../../domain/policy/evaluate-policy.ts';
import type { Authorized } from '../authorize.ts';
import { requestContext } from '../request-context.ts';
import type { AssayOperation } from './operation.ts';

export const simulatePolicy: AssayOperation<'SimulatePolicy', 'store' | 'now'> =
  ({ store, now }) =>
  async ({ actions }, caller) => {
    const { policy, origin, accessKeyId } = caller as Partial<Authorized>;
    const key = accessKeyId === undefined ? undefined : await store.accessKeys.find(accessKeyId);
    const name = shownPolicyName(key?.policy ?? null);
    // Where there is no client, or an administrator's key, nothing is refused.
    if (!policy || !origin || accessKeyId === undefined) {
      return { policyName: name, actions: actions.map((action) => ({ action, allowed: true })) };
    }
    const lookup = requestContext(now(), {}, { ...caller, accessKeyId, origin });
    return {
      policyName: name,
      actions: actions.map((action) => {
        const { effect } = evaluatePolicy(policy, { action, resource: '*', lookup });
        if (effect === 'Allow') return { action, allowed: true };
        const reason =
          effect === 'ImplicitDeny'
            ? `The policy ${name} of this key does not allow it.`
            : `The policy ${name} of this key denies it.`;
        return { action, allowed: false, reason };
      }),
    };
  };
