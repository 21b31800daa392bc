import type { KeptVerdict } from '../../domain/kept-verdict.ts';
import { type NotAssessed, reasonText } from '../../domain/not-assessed.ts';
import type { Verdict } from '../../domain/rules-package.ts';

export type Outcome = Verdict['outcome'];

/** One rule on one host as the account has it. */
export interface RuleVerdict {
  readonly rule: string;
  /** Where it is not the rule's id. */
  readonly title?: string;
  readonly outcome: Outcome;
  /** Of what does not apply or was not assessed. */
  readonly reason?: string;
  readonly because?: NotAssessed;
  /** The package as a whole said nothing about the host. */
  readonly whole?: true;
  /** What could not be seen: the verdict holds for the rest. */
  readonly unseen?: readonly string[];
}

/** From the one that must be seen first. */
const weights: readonly Outcome[] = ['FINDING', 'NOT_ASSESSED', 'PASSED', 'NOT_APPLICABLE'];

/** One verdict for each rule: of two that a package gave under one id the graver, with the reasons of both. */
export function oneForEachRule(verdicts: readonly KeptVerdict[]): Map<string, RuleVerdict> {
  const found = new Map<string, RuleVerdict>();
  for (const { ruleId: rule, observations: _, ...verdict } of verdicts) {
    const { finding: _finding, ...next } = { finding: undefined, ...verdict, rule };
    const before = found.get(rule);
    found.set(rule, before ? graver(before, next) : next);
  }
  return found;
}

function graver(a: RuleVerdict, b: RuleVerdict): RuleVerdict {
  const [first, second] = weights.indexOf(a.outcome) <= weights.indexOf(b.outcome) ? [a, b] : [b, a];
  if (first.outcome !== second.outcome || first.reason === undefined || first.reason === second.reason) return first;
  return { ...first, reason: `${first.reason}; ${second.reason}` };
}

export const unassessed = (rule: string, because: NotAssessed, reason = reasonText(because)): RuleVerdict => ({
  rule,
  outcome: 'NOT_ASSESSED',
  reason,
  because,
});
