import { assayArn } from '@assay/model/assay/arn.ts';
import { probeTargets } from '../../engine/judging/probe-targets.ts';
import { zonesOfScope } from '../../engine/judging/zones-source.ts';
import type { AssayOperation } from './operation.ts';
import { requireZone } from './require-zone.ts';
import { describeResources } from './resources.ts';

export const describeProbeTargets: AssayOperation<'DescribeProbeTargets', 'store'> =
  ({ store }) =>
  async ({ zone: name, hostArns }, caller) => {
    const { zones } = await zonesOfScope(store.settings, caller.scope);
    const zone = requireZone(zones, name);
    const { found, failedItems } = await describeResources(caller, 'host', hostArns, (ids) =>
      store.agents.findMany(caller.scope, ids),
    );
    const agents = found.map(({ row }) => row);
    const targets = await probeTargets(store, caller.scope, agents, zone);
    return {
      targets: targets.map(({ agent, addresses, ports }) => ({
        hostArn: assayArn(caller, 'host', agent),
        addresses: [...addresses],
        ports: [...ports],
      })),
      failedItems,
    };
  };
