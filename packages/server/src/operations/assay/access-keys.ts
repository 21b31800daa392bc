import type { Scope } from '@assay/model/arn.ts';
import { assayArn } from '@assay/model/assay/arn.ts';
import type { AccessKey as AccessKeyShape } from '@assay/model/assay/structures.ts';
import type { Static } from '@assay/model/shape.ts';
import { isBuiltIn, shownPolicyName } from '../../domain/policy/built-in.ts';
import { parsePolicy } from '../../domain/policy/parse-policy.ts';
import { PolicyFault } from '../../domain/policy/policy-fault.ts';
import type { Store } from '../../store/store.ts';
import type { AccessKey } from '../../store/tables/access-keys.ts';
import type { Caller } from '../operation.ts';
import { policyWarnings } from '../policy-warnings.ts';
import { invalidInput } from './errors.ts';
import { doesNotExist, requireId } from './resources.ts';

/** The key that an ARN names: one of the caller's account. Throws ACCESS_KEY_DOES_NOT_EXIST. */
export async function requireAccessKey(
  { accessKeys }: Pick<Store, 'accessKeys'>,
  caller: Caller,
  arn: string,
): Promise<AccessKey> {
  const key = await accessKeys.find(requireId(caller, 'key', arn));
  if (!key || (key.account !== caller.account && !caller.operator)) throw doesNotExist('key', arn);
  return key;
}

export const accessKeyItem = (
  { region }: Scope,
  { id, account, policy, createdAt, revokedAt }: AccessKey,
): Static<typeof AccessKeyShape> => ({
  accessKeyArn: assayArn({ region, account }, 'key', id),
  accessKeyId: id,
  account,
  policyName: shownPolicyName(policy),
  createdAt: createdAt / 1000,
  ...(revokedAt === null ? {} : { revokedAt: revokedAt / 1000 }),
});

/** What a key keeps of a policy that was given, and what of it has no effect. Throws INVALID_MEMBER. */
export function requirePolicy(given: string): { readonly kept: string | null; readonly warnings: string[] } {
  if (isBuiltIn(given)) return { kept: given === 'administrator' ? null : given, warnings: [] };
  try {
    return { kept: given, warnings: policyWarnings(parsePolicy(given)) };
  } catch (error) {
    if (error instanceof PolicyFault) throw invalidInput('INVALID_MEMBER', `policy: ${error.message}`);
    throw error;
  }
}
