import { resourceGroupArn } from '@assay/model/arn.ts';
import { newResourceId } from '../../domain/ids.ts';
import { invalidInput } from '../errors.ts';
import type { Operation } from '../operation.ts';

/** Makes a resource group: the tags by which a target chooses its hosts. A host belongs when it carries any of them. */
export const createResourceGroup: Operation<'CreateResourceGroup', 'store' | 'creationTime' | 'random'> =
  ({ store, creationTime, random }) =>
  async ({ resourceGroupTags }, caller) => {
    const pairs = resourceGroupTags.map(({ key, value }) => JSON.stringify([key, value]));
    if (new Set(pairs).size < pairs.length) {
      throw invalidInput('INVALID_TAG', 'resourceGroupTags must not have the same key and value twice');
    }
    const id = newResourceId(random);
    await store.resourceGroups.insert(caller.scope, { id, tags: resourceGroupTags, createdAt: creationTime() });
    return { resourceGroupArn: resourceGroupArn(caller, id) };
  };
