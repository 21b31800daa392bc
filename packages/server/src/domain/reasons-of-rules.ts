import type { NotAssessed } from './not-assessed.ts';

/** A rule that was not assessed on one host, and why. */
export interface UnassessedRule {
  readonly rule: string;
  readonly reason: string;
  readonly because: NotAssessed;
}

/** So many rules that share a reason are named; the others are counted. */
const NAMED = 10;

/** Each rule with its reason; one reason of several rules is said once. */
export const reasonsOf = (rules: readonly UnassessedRule[]): string =>
  [...Map.groupBy(rules, ({ reason }) => reason.replace(/[.\s]+$/, ''))]
    .map(([reason, sharing]) => {
      const more = sharing.length > NAMED ? ` and ${sharing.length - NAMED} more` : '';
      const names = sharing.slice(0, NAMED).map(({ rule }) => rule);
      return `${names.join(', ')}${more}: ${reason}.`;
    })
    .join(' ');
