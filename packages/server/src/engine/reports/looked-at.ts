import type { ReportedEvaluation } from '../../store/tables/report-reader.ts';
import type { CatalogEntry } from '../judging/rules-package-catalog.ts';
import type { FindingName } from './gather-changes.ts';

export interface LookedAt {
  readonly note: (evaluation: ReportedEvaluation) => void;
  /** Whether a finding would have been reported if it were there. */
  readonly at: (finding: FindingName) => boolean;
}

/** What the hosts of a run were looked at for: by host and package, less the rules that were not assessed. */
export function lookedAt(catalog: readonly CatalogEntry[]): LookedAt {
  const evaluated = new Map<string, { readonly unassessed: Set<string>; readonly whole: boolean }>();
  return {
    note: ({ agent, rulesPackage, verdicts }) => {
      const needs = catalog.find(({ arn }) => arn === rulesPackage)?.implementation?.absenceNeeds;
      const open = verdicts.filter(({ outcome }) => outcome === 'NOT_ASSESSED');
      const passed = new Set(verdicts.flatMap(({ ruleId, outcome }) => (outcome === 'PASSED' ? [ruleId] : [])));
      evaluated.set(`${agent}\n${rulesPackage}`, {
        unassessed: new Set(open.map(({ ruleId }) => ruleId)),
        whole:
          open.some((verdict) => 'whole' in verdict && verdict.whole) ||
          open.length === verdicts.length ||
          (needs ?? []).some((rule) => !passed.has(rule)),
      });
    },
    at: ({ agent, rulesPackage, rule }) => {
      const of = evaluated.get(`${agent}\n${rulesPackage}`);
      return of !== undefined && !of.whole && !of.unassessed.has(rule);
    },
  };
}
