import { doesNotExist, requireOne } from '../arns.ts';
import type { Operation } from '../operation.ts';
import { requireFreeName, requireGroup } from './create-assessment-target.ts';

/** Gives a target a new name and group; without a group it covers every host. Runs that were started keep their hosts. */
export const updateAssessmentTarget: Operation<'UpdateAssessmentTarget', 'store' | 'now'> =
  ({ store, now }) =>
  async ({ assessmentTargetArn, assessmentTargetName, resourceGroupArn }, caller) => {
    const { ids } = requireOne(caller, 'target', assessmentTargetArn);
    const [id = ''] = ids;
    const group = resourceGroupArn === undefined ? undefined : requireOne(caller, 'resourcegroup', resourceGroupArn);
    await store.transaction(async (tables) => {
      const [target] = await tables.targets.findMany(caller.scope, [id]);
      if (!target) throw doesNotExist('target', assessmentTargetArn);
      const resourceGroup = group ? await requireGroup(tables, caller, group.ids[0], resourceGroupArn) : null;
      await requireFreeName(tables, caller, assessmentTargetName, id);
      const updatedAt = Math.max(now(), target.updatedAt);
      await tables.targets.update(caller.scope, id, { name: assessmentTargetName, resourceGroup, updatedAt });
    });
    return {};
  };
