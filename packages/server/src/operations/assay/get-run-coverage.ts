import { caveatOf } from '../../engine/account/caveat-of-run.ts';
import { coverageOf } from '../../engine/account/coverage.ts';
import { keptAccounts } from '../../engine/account/kept-accounts.ts';
import { slicePage } from '../page.ts';
import type { AssayOperation } from './operation.ts';
import { assayPage } from './page.ts';
import { requireRun } from './require-run.ts';

export const getRunCoverage: AssayOperation<'GetRunCoverage', 'store' | 'tokens'> = ({ store, tokens }) => {
  const coverages = keptAccounts(store, coverageOf);
  return async (input, caller) => {
    const page = assayPage(tokens, 'GetRunCoverage', caller, input);
    const run = await requireRun(store, caller, input.assessmentRunArn);
    const coverage = await coverages(caller, caller.scope, run);
    const numbered = coverage.byHost.map((each, index) => ({ ...each, index }));
    const { rows, nextToken } = await slicePage(page, numbered, ({ index }) => String(index));
    const agents = await store.agents.findMany(caller.scope, [...new Set(rows.map(({ agent }) => agent))]);
    const names = new Map(agents.map(({ id, hostname }) => [id, hostname]));
    const exclusions = await store.exclusions.countOfRun(caller.scope, run.id);
    const caveat = caveatOf(run, coverage);
    return {
      ...(caveat === undefined ? {} : { caveat }),
      hosts: coverage.hosts,
      rules: coverage.rules,
      verdicts: coverage.verdicts,
      whole: coverage.hosts > 0 && coverage.byHost.every((each) => each.whole === undefined),
      reasons: coverage.reasons.map(({ package: packageName, reason, count }) => ({ packageName, reason, count })),
      exclusions,
      byHost: rows.map(({ agent, package: packageName, verdicts, whole }) => {
        const hostname = names.get(agent);
        return {
          agentId: agent,
          ...(hostname === undefined ? {} : { hostname }),
          packageName,
          verdicts,
          ...(whole === undefined ? {} : { notAssessedBecause: whole }),
        };
      }),
      nextToken,
    };
  };
};
