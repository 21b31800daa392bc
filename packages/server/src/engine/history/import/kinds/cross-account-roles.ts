import { Arn, Bool, Timestamp } from '@assay/model/api/values.ts';
import { string, structure } from '@assay/model/shape.ts';
import { isRoleArn } from '../../../../domain/role-arn.ts';
import type { CrossAccountRole } from '../../../../store/tables/cross-account-roles.ts';
import { importKind, milliseconds } from '../import-kind.ts';
import { Refusal } from '../refusal.ts';

/** An account has one role in a region. */
const id = 'role';

/**
 * The role that an account registered in a region: what DescribeCrossAccountAccessRole answers, and whose it is, which
 * no ARN says.
 */
export const crossAccountRoles = importKind({
  shape: structure(
    {
      account: string({ pattern: /^[0-9]{12}$/ }),
      region: string({ pattern: /^[a-z0-9-]{1,64}$/ }),
      roleArn: Arn,
      valid: Bool,
      registeredAt: Timestamp,
    },
    'account',
    'region',
    'roleArn',
    'valid',
    'registeredAt',
  ),
  placeOf: ({ account, region }) => ({ account, region, ids: [] }),
  toRow: ({ roleArn: role, valid, registeredAt }): CrossAccountRole & { readonly id: string } => {
    if (!valid) throw new Refusal('item.valid is false: no role that was registered');
    if (!isRoleArn(role)) throw new Refusal('item.roleArn is not the ARN of a role: arn:aws:iam::ACCOUNT:role/NAME');
    return { id, role, registeredAt: milliseconds(registeredAt) };
  },
  insert: async (tables, scope, [row]) => {
    if (!row || (await tables.crossAccountRoles.find(scope))) return new Set();
    await tables.crossAccountRoles.put(scope, row);
    return new Set([id]);
  },
  find: async (tables, scope) => {
    const found = await tables.crossAccountRoles.find(scope);
    return found ? [{ ...found, id }] : [];
  },
  content: ({ role, registeredAt }) => ({ roleArn: role, registeredAt }),
});
