import { findingSummary } from '../../engine/items/finding-summary.ts';
import { requireForm } from '../arns.ts';
import { readPage } from '../page.ts';
import { requireListedRuns } from '../require-listed-runs.ts';
import type { AssayOperation } from './operation.ts';
import { assayPage } from './page.ts';
import { requireId } from './resources.ts';

export const searchFindings: AssayOperation<'SearchFindings', 'store' | 'tokens'> =
  ({ store, tokens }) =>
  async (input, caller) => {
    const { scope } = caller;
    const filter = input.filter ?? {};
    const { assessmentRunArns, hostArns, ruleNames, packageName, severities, rulesPackageArns } = filter;
    const load = assessmentRunArns && requireListedRuns(caller, assessmentRunArns);
    const agents = hostArns?.map((arn) => requireId(caller, 'host', arn));
    if (rulesPackageArns) requireForm(caller, 'rulespackage', rulesPackageArns);
    const page = assayPage(tokens, 'SearchFindings', caller, input);
    const conditions = {
      runs: load && (await load(store)).map(({ id }) => id),
      agents,
      rules: ruleNames,
      severities,
      rulesPackages: rulesPackageArns,
      package: packageName,
      created: createdRange(filter.createdAfter, filter.createdBefore),
    };
    const { rows, nextToken } = await readPage(
      page,
      (after, limit) => store.findings.list(scope, conditions, after, limit),
      ({ createdAt, id }) => ({ at: createdAt, id }),
    );
    const found = await store.findings.findMany(
      scope,
      rows.map(({ id }) => id),
    );
    const byId = new Map(found.map((finding) => [finding.id, finding]));
    return {
      findings: rows.flatMap(({ id }) => {
        const finding = byId.get(id);
        // Deleted between the two reads.
        return finding ? [findingSummary(caller, finding)] : [];
      }),
      nextToken,
    };
  };

/** Milliseconds of the wire's seconds, both ends included. */
const createdRange = (after: number | undefined, before: number | undefined) =>
  after === undefined && before === undefined
    ? undefined
    : {
        begin: after === undefined ? undefined : Math.ceil(after * 1000),
        end: before === undefined ? undefined : Math.floor(before * 1000),
      };
