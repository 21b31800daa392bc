import { findingArn, runArn } from '@assay/model/arn.ts';
import { assayArn } from '@assay/model/assay/arn.ts';
import { hostnameOf } from '../../engine/items/finding-summary.ts';
import type { Caller } from '../operation.ts';
import { readPage } from '../page.ts';
import type { AssayOperation } from './operation.ts';
import { assayPage } from './page.ts';

export const listAffectedHosts: AssayOperation<'ListAffectedHosts', 'store' | 'tokens'> =
  ({ store, tokens }) =>
  async (input, caller) => {
    const { scope } = caller;
    const { rows, nextToken } = await readPage(
      assayPage(tokens, 'ListAffectedHosts', caller, input),
      (after, limit) => store.findings.listAffected(scope, input.ruleName, after?.id, limit),
      ({ agent }) => ({ at: 0, id: agent }),
    );
    const found = await store.findings.findMany(
      scope,
      rows.map(({ finding }) => finding),
    );
    const findings = new Map(found.map((finding) => [finding.id, finding]));
    const packages = [...new Set(found.map(({ rulesPackage }) => rulesPackage))];
    const newest = await store.runAgents.newestRuns(
      scope,
      rows.map(({ agent }) => agent),
      packages.length === 0 ? [] : await store.rulesPackageSets.containing(packages),
    );
    const runs = new Map(newest.map((run) => [run.agent, run]));
    return {
      hosts: rows.flatMap(({ agent, firstFoundAt, lastFoundAt, finding: id }) => {
        const finding = findings.get(id);
        if (!finding) return [];
        const { target, template, run, rulesPackage, severity } = finding;
        const last = runs.get(agent);
        return {
          hostArn: assayArn(caller, 'host', agent),
          agentId: agent,
          hostname: hostnameOf(finding),
          rulesPackageArn: rulesPackage,
          severity,
          firstFoundAt: firstFoundAt / 1000,
          lastFoundAt: lastFoundAt / 1000,
          lastFindingArn: findingArn(caller, target, template, run, id),
          ...(last === undefined ? {} : lastRun(caller, last)),
          foundInLastRun: last === undefined || last.run === run,
        };
      }),
      nextToken,
    };
  };

const lastRun = (
  caller: Caller,
  { target, template, run, createdAt }: { target: string; template: string; run: string; createdAt: number },
) => ({ lastAssessedAt: createdAt / 1000, lastAssessmentRunArn: runArn(caller, target, template, run) });
