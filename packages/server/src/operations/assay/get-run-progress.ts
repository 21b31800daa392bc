import { catalogOf } from '../../engine/judging/rules-package-catalog.ts';
import type { AssayOperation } from './operation.ts';
import { requireRun } from './require-run.ts';

export const getRunProgress: AssayOperation<'GetRunProgress', 'store'> =
  ({ store }) =>
  async (input, caller) => {
    const run = await requireRun(store, caller, input.assessmentRunArn);
    const [packages, { hosts, delivered, partly, excluded }, evaluated] = await Promise.all([
      store.rulesPackageSets.arnsOf([run.rulesPackages]),
      store.runAgents.count(caller.scope, run.id),
      store.evaluations.countByPackage(caller.scope, run.id),
    ]);
    const catalog = catalogOf(caller.region);
    return {
      state: run.state,
      hosts,
      deliveredHosts: delivered,
      partlyDeliveredHosts: partly,
      excludedHosts: excluded,
      rulesPackages: (packages.get(run.rulesPackages) ?? []).map((rulesPackageArn) => ({
        rulesPackageArn,
        packageName: catalog.find(({ arn }) => arn === rulesPackageArn)?.name ?? rulesPackageArn,
        evaluatedHosts: evaluated.get(rulesPackageArn) ?? 0,
      })),
    };
  };
