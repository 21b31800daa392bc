import { runArn } from '@assay/model/arn.ts';
import { excludedBecause } from '../excluded-because.ts';
import { readPage } from '../page.ts';
import type { AssayOperation } from './operation.ts';
import { assayPage } from './page.ts';
import { requireId } from './resources.ts';

export const listHostRuns: AssayOperation<'ListHostRuns', 'store' | 'tokens'> =
  ({ store, tokens }) =>
  async (input, caller) => {
    const agent = requireId(caller, 'host', input.hostArn);
    const { rows, nextToken } = await readPage(
      assayPage(tokens, 'ListHostRuns', caller, input),
      (after, limit) => store.runAgents.ofAgent(caller.scope, agent, {}, after, limit),
      ({ createdAt, id }) => ({ at: createdAt, id }),
    );
    const packages = await store.rulesPackageSets.arnsOf(rows.map(({ rulesPackages }) => rulesPackages));
    return {
      runs: rows.map((run) => ({
        assessmentRunArn: runArn(caller, run.target, run.template, run.id),
        name: run.name,
        state: run.state,
        createdAt: run.createdAt / 1000,
        ...(run.completedAt === null ? {} : { completedAt: run.completedAt / 1000 }),
        rulesPackageArns: [...(packages.get(run.rulesPackages) ?? [])],
        delivery: run.status === 'PENDING' ? 'NONE' : run.partial === 1 ? 'PARTIAL' : 'COMPLETE',
        ...(run.deliveredAt === null ? {} : { deliveredAt: run.deliveredAt / 1000 }),
        ...(run.excluded === null ? {} : { excludedBecause: excludedBecause[run.excluded] }),
        ...(run.agentVersion === null ? {} : { agentVersion: run.agentVersion }),
        ...(run.privileged === null ? {} : { privileged: run.privileged === 1 }),
      })),
      nextToken,
    };
  };
