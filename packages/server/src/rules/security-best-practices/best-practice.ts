import type { HostEvidence } from '@assay/model/evidence/kinds.ts';
import type { Observation, Rule } from '../../domain/rules-package.ts';

/** What a rule concluded, before the package adds what all its verdicts share. */
export type Judgement = { readonly observations: readonly Observation[] } & (
  | { readonly outcome: 'PASSED'; readonly unseen?: readonly string[] }
  | {
      readonly outcome: 'FINDING';
      readonly title: string;
      readonly description: string;
      readonly recommendation: string;
      readonly unseen?: readonly string[];
    }
  | { readonly outcome: 'NOT_APPLICABLE'; readonly reason: string }
  | {
      readonly outcome: 'NOT_ASSESSED';
      readonly reason: string;
      /** What to do, in whole sentences, by what caused it. */
      readonly advice: string;
    }
);

/** A rule with its judgement: pure, and defined for any well-shaped evidence, also for none. */
export interface BestPractice extends Rule {
  readonly judge: (evidence: HostEvidence) => Judgement;
}
