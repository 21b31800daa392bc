import { invalidInput } from './errors.ts';
import type { Operation } from './operation.ts';

/** `arn:aws:iam::ACCOUNT:role/PATH/NAME` */
const ROLE = /^arn:aws(-[a-z]+){0,3}:iam::[0-9]{12}:role\/[\x21-\x7e]{1,250}$/;

/** Keeps the role that the original would have used to look at EC2. Nothing here depends on it. */
export const registerCrossAccountAccessRole: Operation<'RegisterCrossAccountAccessRole', 'store' | 'now'> =
  ({ store, now }) =>
  async ({ roleArn }, caller) => {
    if (!ROLE.test(roleArn)) {
      throw invalidInput(
        'INVALID_IAM_ROLE_ARN',
        `"${roleArn}" is not the ARN of a role: arn:aws:iam::ACCOUNT:role/NAME`,
      );
    }
    await store.crossAccountRoles.put(caller.scope, { role: roleArn, registeredAt: now() });
    return {};
  };
