import { severities } from '../../domain/severity.ts';
import { packagesOfFindings } from '../../engine/items/finding-packages.ts';
import { findingSummary } from '../../engine/items/finding-summary.ts';
import type { FindingFilter } from '../../store/lists/finding-filter.ts';
import type { FindingReference } from '../../store/lists/list-findings.ts';
import type { Position } from '../../store/lists/position.ts';
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
    const list = (filtered: FindingFilter, after: Position | undefined, limit: number) =>
      store.findings.list(scope, filtered, after, limit);
    const { rows, nextToken } =
      input.sortBy === 'SEVERITY'
        ? await readPage(page, (after, limit) => worstFirst(list, conditions, after, limit), placeOf)
        : await readPage(
            page,
            (after, limit) => list(conditions, after, limit),
            ({ createdAt, id }) => ({ at: createdAt, id }),
          );
    const found = await store.findings.findMany(
      scope,
      rows.map(({ id }) => id),
    );
    const byId = new Map(found.map((finding) => [finding.id, finding]));
    const packages = input.includePackages ? await packagesOfFindings(store, scope, found) : undefined;
    return {
      findings: rows.flatMap(({ id }) => {
        const finding = byId.get(id);
        // Deleted between the two reads.
        if (!finding) return [];
        const named = packages?.get(id) ?? [];
        return [{ ...findingSummary(caller, finding), ...(named.length > 0 ? { packages: [...named] } : {}) }];
      }),
      nextToken,
    };
  };

interface Ranked extends FindingReference {
  /** Of its severity, the worst is 0. */
  readonly rank: number;
}

const worst = severities.toReversed();

/** A page over all severities: the list is in the order of time, so each severity is a list of its own, a statement each. */
async function worstFirst(
  list: (filter: FindingFilter, after: Position | undefined, limit: number) => Promise<readonly FindingReference[]>,
  filter: FindingFilter,
  after: Position | undefined,
  limit: number,
): Promise<Ranked[]> {
  const [, place = '0', id = ''] = /^(\d)-(.*)$/.exec(after?.id ?? '') ?? [];
  const first = Number(place);
  const found: Ranked[] = [];
  for (const [rank, severity] of worst.entries()) {
    if (rank < first || found.length === limit || !(filter.severities?.includes(severity) ?? true)) continue;
    const from = after && rank === first ? { at: after.at, id } : undefined;
    const rows = await list({ ...filter, severities: [severity] }, from, limit - found.length);
    found.push(...rows.map((row) => ({ ...row, rank })));
  }
  return found;
}

/** Where a page by severity ended: ids begin with the rank. */
const placeOf = ({ createdAt, id, rank }: Ranked): Position => ({ at: createdAt, id: `${rank}-${id}` });

/** Milliseconds of the wire's seconds, both ends included. */
const createdRange = (after: number | undefined, before: number | undefined) =>
  after === undefined && before === undefined
    ? undefined
    : {
        begin: after === undefined ? undefined : Math.ceil(after * 1000),
        end: before === undefined ? undefined : Math.floor(before * 1000),
      };
