import { runArn } from '@assay/model/arn.ts';
import type { AssayOutput } from '@assay/model/assay/operations.ts';
import { coverageOfHost } from '../../engine/account/coverage.ts';
import { keptAccounts } from '../../engine/account/kept-accounts.ts';
import type { AgentRun } from '../../store/tables/run-agents.ts';
import type { AssayOperation } from './operation.ts';
import { requireId } from './resources.ts';

type Output = AssayOutput<'GetHostCoverage'>;

/** Runs among which the newest of each rules package is looked for. */
const LOOKED_AT = 100;

export const getHostCoverage: AssayOperation<'GetHostCoverage', 'store'> = ({ store }) => {
  const accounts = keptAccounts(store, (account) => account);
  return async (input, caller) => {
    const { scope } = caller;
    const agent = requireId(caller, 'host', input.hostArn);
    const runs = await store.runAgents.ofAgent(scope, agent, { ended: true }, undefined, LOOKED_AT);
    const newest = newestOfPackages(runs, await store.rulesPackageSets.arnsOf(runs.map((run) => run.rulesPackages)));
    const ids = [...new Set([...newest.values()].map(({ id }) => id))];
    const arnOf = ({ target, template, id }: Pick<AgentRun, 'target' | 'template' | 'id'>): string =>
      runArn(caller, target, template, id);

    const packages: Output['packages'] = [];
    const evidence: Output['evidence'] = [];
    for (const run of await store.runs.findMany(scope, ids)) {
      const assessmentRunArn = arnOf(run);
      const account = await accounts(caller, scope, run);
      for await (const entry of account.entries({ agents: [agent] })) {
        if (newest.get(entry.package.arn)?.id !== run.id) continue;
        const { verdicts, whole, reasons } = coverageOfHost(entry);
        packages.push({
          rulesPackageArn: entry.package.arn,
          packageName: entry.package.name,
          assessmentRunArn,
          assessmentRunName: run.name,
          ...(run.completedAt === null ? {} : { completedAt: run.completedAt / 1000 }),
          verdicts,
          ...(whole === undefined ? {} : { notAssessedBecause: whole }),
          reasons: reasons.map(({ package: packageName, reason, count }) => ({ packageName, reason, count })),
        });
      }
      for (const { kind, collectedAt, receivedAt, digest } of await store.evidence.list(scope, run.id, [agent])) {
        evidence.push({
          kind,
          assessmentRunArn,
          collectedAt: collectedAt / 1000,
          receivedAt: receivedAt / 1000,
          digest,
        });
      }
    }
    return {
      packages: packages.sort((a, b) => (a.packageName < b.packageName ? -1 : 1)),
      evidence: newestFirst(evidence),
    };
  };
};

/** Of each rules package the newest of the runs, which come newest first. */
function newestOfPackages(
  runs: readonly AgentRun[],
  arns: ReadonlyMap<number, readonly string[]>,
): ReadonlyMap<string, AgentRun> {
  const newest = new Map<string, AgentRun>();
  for (const run of runs) {
    for (const arn of arns.get(run.rulesPackages) ?? []) if (!newest.has(arn)) newest.set(arn, run);
  }
  return newest;
}

const newestFirst = (evidence: Output['evidence']): Output['evidence'] =>
  evidence.toSorted((a, b) => b.collectedAt - a.collectedAt || (a.kind < b.kind ? -1 : 1));
