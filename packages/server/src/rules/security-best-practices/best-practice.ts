import type { HostEvidence } from '@assay/model/evidence/kinds.ts';
import type { Observation, Rule } from '../../domain/rules-package.ts';

/** What a rule concluded, before the package adds what all its verdicts share. */
export type Judgement = { readonly observations: readonly Observation[] } & (
  | { readonly outcome: 'PASSED' }
  | {
      readonly outcome: 'FINDING';
      readonly title: string;
      readonly description: string;
      readonly recommendation: string;
    }
  | { readonly outcome: 'NOT_APPLICABLE' | 'NOT_ASSESSED'; readonly reason: string }
);

/** A rule with its judgement: pure, and defined for any well-shaped evidence, also for none. */
export interface BestPractice extends Rule {
  readonly judge: (evidence: HostEvidence) => Judgement;
}
