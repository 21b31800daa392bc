import type { Operation } from '../operation.ts';
import { changeUserAttributes } from './change-user-attributes.ts';

/** Takes user attributes off findings by key; a key that a finding does not have is no fault. */
export const removeAttributesFromFindings: Operation<'RemoveAttributesFromFindings', 'store' | 'now'> =
  (deps) =>
  async ({ findingArns, attributeKeys }, caller) => ({
    failedItems: await changeUserAttributes(deps, caller, findingArns, (before) =>
      before.filter(({ key }) => !attributeKeys.includes(key)),
    ),
  });
