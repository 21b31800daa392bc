import { hostItem } from '../../engine/items/host-item.ts';
import type { AssayOperation } from './operation.ts';
import { describeResources } from './resources.ts';

export const describeHosts: AssayOperation<'DescribeHosts', 'store' | 'now'> =
  ({ store, now }) =>
  async ({ hostArns }, caller) => {
    const { found, failedItems } = await describeResources(caller, 'host', hostArns, (ids) =>
      store.agents.findMany(caller.scope, ids),
    );
    const at = now();
    return { hosts: found.map((agent) => hostItem(caller, agent, at)), failedItems };
  };
