import { hostItem } from '../../engine/items/host-item.ts';
import { healthTime } from '../../engine/runs/agent-health.ts';
import type { AssayOperation } from './operation.ts';
import { describeResources } from './resources.ts';

export const describeHosts: AssayOperation<'DescribeHosts', 'store' | 'ago'> =
  ({ store, ago }) =>
  async ({ hostArns }, caller) => {
    const { found, failedItems } = await describeResources(caller, 'host', hostArns, (ids) =>
      store.agents.findMany(caller.scope, ids),
    );
    const at = healthTime(ago);
    return { hosts: found.map(({ row }) => hostItem(caller, row, at)), failedItems };
  };
