import { isRoleArn } from '../../domain/role-arn.ts';
import { invalidInput } from '../errors.ts';
import type { Operation } from '../operation.ts';

/** Keeps the role that the original would have used to look at EC2. Nothing here depends on it. */
export const registerCrossAccountAccessRole: Operation<'RegisterCrossAccountAccessRole', 'store' | 'now'> =
  ({ store, now }) =>
  async ({ roleArn }, caller) => {
    if (!isRoleArn(roleArn)) {
      throw invalidInput(
        'INVALID_IAM_ROLE_ARN',
        `"${roleArn}" is not the ARN of a role: arn:aws:iam::ACCOUNT:role/NAME`,
      );
    }
    await store.crossAccountRoles.put(caller.scope, { role: roleArn, registeredAt: now() });
    return {};
  };
