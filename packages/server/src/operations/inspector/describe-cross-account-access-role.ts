import { partitionOf } from '@assay/model/arn.ts';
import type { Operation } from '../operation.ts';
import { seconds } from '../times.ts';

/**
 * The role that was registered last. Where none was, the original's service-linked role, said not to be valid: the
 * operation has no error for it, and its answer has no optional member.
 */
export const describeCrossAccountAccessRole: Operation<'DescribeCrossAccountAccessRole', 'store'> =
  ({ store }) =>
  async (_input, caller) => {
    const registered = await store.crossAccountRoles.find(caller.scope);
    if (registered) return { roleArn: registered.role, valid: true, registeredAt: seconds(registered.registeredAt) };
    const name = 'aws-service-role/inspector.amazonaws.com/AWSServiceRoleForAmazonInspector';
    const roleArn = `arn:${partitionOf(caller.region)}:iam::${caller.account}:role/${name}`;
    return { roleArn, valid: false, registeredAt: 0 };
  };
