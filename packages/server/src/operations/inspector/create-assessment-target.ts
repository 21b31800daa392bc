import { targetArn } from '@assay/model/arn.ts';
import { newResourceId } from '../../domain/ids.ts';
import type { Tables } from '../../store/store.ts';
import { doesNotExist, requireOne } from '../arns.ts';
import { invalidInput, limitExceeded } from '../errors.ts';
import type { Caller, Operation } from '../operation.ts';

/** Makes a target: a name for the hosts of a resource group, or for every host. */
export const createAssessmentTarget: Operation<
  'CreateAssessmentTarget',
  'store' | 'creationTime' | 'random' | 'limits'
> =
  ({ store, creationTime, random, limits }) =>
  async ({ assessmentTargetName, resourceGroupArn }, caller) => {
    const group = resourceGroupArn === undefined ? undefined : requireOne(caller, 'resourcegroup', resourceGroupArn);
    const id = newResourceId(random);
    await store.transaction(async (tables) => {
      const resourceGroup = group ? await requireGroup(tables, caller, group.ids[0], resourceGroupArn) : null;
      await requireFreeName(tables, caller, assessmentTargetName);
      if ((await tables.targets.count(caller.scope)) >= limits.targets) {
        throw limitExceeded(
          'ASSESSMENT_TARGET_LIMIT_EXCEEDED',
          `This account has its ${limits.targets} assessment targets in ${caller.region}`,
        );
      }
      const createdAt = creationTime();
      await tables.targets.insert(caller.scope, {
        id,
        name: assessmentTargetName,
        resourceGroup,
        createdAt,
        updatedAt: createdAt,
      });
    });
    return { assessmentTargetArn: targetArn(caller, id) };
  };

/** The group's id. Throws RESOURCE_GROUP_DOES_NOT_EXIST. */
export async function requireGroup(
  tables: Pick<Tables, 'resourceGroups'>,
  caller: Caller,
  id: string | undefined,
  arn: string | undefined,
): Promise<string> {
  const [group] = id === undefined ? [] : await tables.resourceGroups.findMany(caller.scope, [id]);
  if (!group) throw doesNotExist('resourcegroup', arn ?? '');
  return group.id;
}

/** Throws ASSESSMENT_TARGET_NAME_ALREADY_TAKEN, unless the target that has the name is `except`. */
export async function requireFreeName(
  tables: Pick<Tables, 'targets'>,
  caller: Caller,
  name: string,
  except?: string,
): Promise<void> {
  const taken = await tables.targets.findByName(caller.scope, name);
  if (taken && taken.id !== except) {
    throw invalidInput('ASSESSMENT_TARGET_NAME_ALREADY_TAKEN', `There is an assessment target "${name}" already`);
  }
}
