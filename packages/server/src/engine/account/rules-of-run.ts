import { EVERY_RULE } from '../../domain/every-rule.ts';
import type { KeptVerdict } from '../../domain/kept-verdict.ts';
import type { CatalogEntry } from '../judging/rules-package-catalog.ts';
import { oneForEachRule, type RuleVerdict, unassessed } from './verdict-of-rule.ts';

/** A package of a run; one that this version does not know has nothing but its ARN for a name. */
export type AccountedPackage = Pick<CatalogEntry, 'arn' | 'implementation'> & { readonly name: string };

/** The rules of one package in a run: those that every host has, and those that any of its hosts got a verdict under. */
export interface RulesOfRun {
  readonly package: AccountedPackage;
  /** By id: whether any host was looked at for it, and what it is called. */
  readonly rules: Map<string, { looked: boolean; title?: string }>;
}

export function rulesOfRun(rulesPackage: AccountedPackage): RulesOfRun {
  const everywhere = rulesPackage.implementation?.rules({}, { at: 0 }) ?? [];
  return {
    package: rulesPackage,
    rules: new Map(everywhere.map(({ id, title }) => [id, { looked: false, title }])),
  };
}

export function addRules(
  { rules }: RulesOfRun,
  verdicts: readonly Pick<KeptVerdict, 'ruleId' | 'outcome' | 'title'>[],
) {
  for (const { ruleId, outcome, title } of verdicts) {
    if (ruleId === EVERY_RULE) continue;
    const before = rules.get(ruleId);
    const looked = (before?.looked ?? false) || outcome !== 'NOT_ASSESSED';
    const name = title ?? before?.title;
    rules.set(ruleId, { looked, ...(name !== undefined && { title: name }) });
  }
}

/** How many; a package of which nothing more is known has one, that stands for all. */
export const countOfRules = ({ rules }: RulesOfRun): number => Math.max(1, rules.size);

/**
 * One verdict for every rule of the run on a host that was evaluated. Under a rule that only other hosts got a verdict
 * under, what it means depends on the package: a rule for another system, or a CVE that the host was compared with.
 */
export function verdictsOnHost(of: RulesOfRun, given: readonly KeptVerdict[]): RuleVerdict[] {
  const found = oneForEachRule(given);
  const every = found.get(EVERY_RULE);
  if (every && found.size === 1) return forEveryRule(of, (rule) => ({ ...every, rule }));
  const { implementation } = of.package;
  const standsFor = implementation?.absenceNeeds?.map((id) => found.get(id)).find((each) => each?.outcome !== 'PASSED');
  return forEveryRule(of, (rule, looked) => {
    const own = found.get(rule);
    if (own) return own;
    if (!implementation?.absenceNeeds) {
      return { rule, outcome: 'NOT_APPLICABLE', reason: "the rule is not one for this host's system" };
    }
    if (standsFor) {
      const { reason = 'it was not looked for', because = { code: 'OTHER', params: {} } } = standsFor;
      return unassessed(rule, because, reason);
    }
    return looked
      ? { rule, outcome: 'PASSED' }
      : { rule, outcome: 'NOT_APPLICABLE', reason: 'the host has nothing that this is about' };
  });
}

export function forEveryRule(
  { rules }: RulesOfRun,
  verdictOf: (rule: string, looked: boolean) => RuleVerdict,
): RuleVerdict[] {
  if (rules.size === 0) return [verdictOf(EVERY_RULE, false)];
  return [...rules].map(([rule, { looked, title }]) => {
    const verdict = verdictOf(rule, looked);
    return title === undefined || title === rule || verdict.title !== undefined ? verdict : { ...verdict, title };
  });
}
