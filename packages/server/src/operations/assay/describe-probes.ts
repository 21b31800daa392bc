import { assayArn } from '@assay/model/assay/arn.ts';
import { probesOfScope } from '../../engine/judging/probes-source.ts';
import type { AssayOperation } from './operation.ts';
import { describeResources } from './resources.ts';

export const describeProbes: AssayOperation<'DescribeProbes', 'store'> =
  ({ store }) =>
  async ({ hostArns }, caller) => {
    const { found, failedItems } = await describeResources(caller, 'host', hostArns, (ids) =>
      store.agents.findMany(caller.scope, ids),
    );
    const kept = await probesOfScope(store.settings, caller.scope);
    const probes = found.flatMap(({ row: { id } }) =>
      kept.flatMap(({ host, at, address, zone, vantage, connected, refused, silent }) =>
        host === id
          ? [
              {
                hostArn: assayArn(caller, 'host', id),
                ...{ address, zone, vantage, at: at / 1000 },
                ...{ connected: [...connected], refused: [...refused], silent: [...silent] },
              },
            ]
          : [],
      ),
    );
    return { probes, failedItems };
  };
